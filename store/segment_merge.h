#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "schema/error.h"
#include "store/segment.h"
#include "store/segment_builder.h"

namespace trailsift::store {

/// An open segment and where it lies.
struct MergeInput {
  std::shared_ptr<const Segment> segment;
  std::filesystem::path directory;
};

/// Makes the new directory `output` and in it one segment of all events of the inputs but the
/// deleted ones. They are one at least, and have no event id in common. Memory does not depend on
/// the number of events, but for some bytes each and the dictionary of one column at a time.
Result<void> merge_segments(const std::filesystem::path& output,
                            const std::vector<MergeInput>& inputs, const BuildOptions& options);

}  // namespace trailsift::store
