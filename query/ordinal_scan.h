#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "query/deadline.h"
#include "query/docset.h"
#include "schema/error.h"
#include "store/segment.h"

namespace trailsift::query {

/// Calls `visit(doc, ordinal)` for each document of `docs`, ascending.
template <class Visit>
Result<void> for_each_ordinal(const store::Column& column, const DocSet& docs,
                              const Deadline& deadline, const Visit& visit) {
  // Below one document in eight, single reads are cheaper than the copy of what lies between.
  constexpr std::size_t kDense = 8;
  std::vector<std::uint32_t> ordinals(DocBlocks::kBlock * kDense);
  DocBlocks blocks(docs);
  for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
    if (auto in_time = deadline.check(); !in_time) return in_time;
    const DocRange range{block.front(), block.back() + 1};
    if (range.end - range.begin <= block.size() * kDense) {
      column.ordinals(range, ordinals.data());
      for (const DocId doc : block) visit(doc, ordinals[doc - range.begin]);
    } else {
      for (const DocId doc : block) visit(doc, column.ordinal(doc));
    }
  }
  return {};
}

}  // namespace trailsift::query
