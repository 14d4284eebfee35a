#include "store/leaf_postings.h"

#include <cassert>
#include <limits>

namespace trailsift::store {

LeafPostings::LeafPostings(const EventBatch& batch, std::span<const std::uint32_t> order)
    : ranges_(batch.leaf_count()) {
  const auto rows = batch.rows();
  // Leaves' ranges are all over the memory: those of the next event are fetched meanwhile.
  const auto prefetch_ranges = [&](const EventBatch::Row& row) {
    for (const LeafId leaf : batch.leaves_of(row)) prefetch(leaf);
  };
  for (std::size_t row = 0; row < rows.size(); ++row) {
    if (row + 1 < rows.size()) prefetch_ranges(rows[row + 1]);
    for (const LeafId leaf : batch.leaves_of(rows[row])) ++ranges_[leaf].end;
  }
  std::uint32_t begin = 0;  // Events with more leaves than that can count take 16 GB in a batch.
  for (Range& range : ranges_) {
    const std::uint32_t size = range.end;
    assert(size <= std::numeric_limits<std::uint32_t>::max() - begin);
    range = {begin, begin};
    begin += size;
  }
  docs_.resize(begin);
  for (DocId doc = 0; doc < order.size(); ++doc) {
    if (doc + 1 < order.size()) prefetch_ranges(rows[order[doc + 1]]);
    for (const LeafId leaf : batch.leaves_of(rows[order[doc]])) {
      Range& range = ranges_[leaf];
      // A record can have a leaf twice, in an array.
      if (range.end == range.begin || docs_[range.end - 1] != doc) docs_[range.end++] = doc;
    }
  }
}

}  // namespace trailsift::store
