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
    return std::span(docs_).subspan(begins_[leaf], ends_[leaf] - begins_[leaf]);
  }

 private:
  std::vector<std::uint64_t> begins_;  // By leaf.
  std::vector<std::uint64_t> ends_;    // By leaf.
  std::vector<DocId> docs_;
};

}  // namespace trailsift::store
