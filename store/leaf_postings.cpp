#include "store/leaf_postings.h"

#include <numeric>

namespace trailsift::store {

LeafPostings::LeafPostings(const EventBatch& batch, std::span<const std::uint32_t> order)
    : begins_(batch.leaf_count() + 1) {
  for (const std::uint32_t row : order) {
    for (const LeafId leaf : batch.leaves_of(batch.rows()[row])) ++begins_[leaf + 1];
  }
  std::partial_sum(begins_.begin(), begins_.end(), begins_.begin());
  ends_.assign(begins_.begin(), begins_.end() - 1);
  docs_.resize(begins_.back());
  for (DocId doc = 0; doc < order.size(); ++doc) {
    for (const LeafId leaf : batch.leaves_of(batch.rows()[order[doc]])) {
      std::uint64_t& end = ends_[leaf];
      // A record can have a leaf twice, in an array.
      if (end == begins_[leaf] || docs_[end - 1] != doc) docs_[end++] = doc;
    }
  }
}

}  // namespace trailsift::store
