#pragma once

#include <filesystem>
#include <vector>

#include "schema/error.h"
#include "schema/event.h"
#include "store/segment_info.h"

namespace trailsift::store {

struct BuildOptions {
  bool durable = true;
  unsigned threads = 1;
};

/// The order of the documents of a segment: newest first, then by event id.
bool stands_before(const Event& a, const Event& b);

/// Makes the new directory `segment` and in it a segment of these events (at least one, no id
/// twice, in any order).
Result<void> build_segment(const std::filesystem::path& segment, std::vector<Event> events,
                           const BuildOptions& options);

/// The last step of making a segment: its parts `columns` and `records` are written, `terms.glass`
/// is there; makes all of it durable and describes it in `segment.json`.
Result<void> finish_segment(const std::filesystem::path& segment, SegmentInfo info, bool durable);

}  // namespace trailsift::store
