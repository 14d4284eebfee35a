#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "store/column.h"
#include "store/event_batch.h"

namespace trailsift::store {

/// The documents of each leaf of a batch, ascending, when document n is row `order[n]`.
class LeafPostings {
 public:
  LeafPostings(const EventBatch& batch, std::span<const std::uint32_t> order);

  std::span<const DocId> docs(LeafId leaf) const {
    const Range range = ranges_[leaf];
    return std::span(docs_).subspan(range.begin, range.end - range.begin);
  }

  /// Fetches what docs() needs; and, behind that, the documents themselves.
  void prefetch(LeafId leaf) const { __builtin_prefetch(&ranges_[leaf]); }
  void prefetch_docs(LeafId leaf) const { __builtin_prefetch(docs_.data() + ranges_[leaf].begin); }

 private:
  /// In docs_. Side by side, for leaves are looked up in no order.
  struct Range {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
  };
  std::vector<Range> ranges_;  // By leaf.
  std::vector<DocId> docs_;
};

}  // namespace trailsift::store
