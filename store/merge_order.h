#pragma once

#include <cstdint>
#include <vector>

#include "schema/error.h"
#include "store/segment_merge.h"

namespace trailsift::store {

/// A document of an input of a merge.
struct MergedDoc {
  std::uint32_t input = 0;
  DocId doc = 0;
};

/// All documents of the inputs but the deleted ones, in the order that they have in the merged
/// segment. Those of one input keep their order.
Result<std::vector<MergedDoc>> merge_order(const std::vector<MergeInput>& inputs);

/// True when every input is newer than all that follow it: the merge is a concatenation.
bool is_concatenation(const std::vector<MergeInput>& inputs);

}  // namespace trailsift::store
