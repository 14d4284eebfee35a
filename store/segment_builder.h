#pragma once

#include <filesystem>

#include "schema/error.h"
#include "store/build_options.h"
#include "store/event_batch.h"
#include "store/segment_info.h"

namespace trailsift::store {

/// Makes the new directory `segment` and in it a segment of these events (at least one, no id
/// twice, in any order).
Result<void> build_segment(const std::filesystem::path& segment, const EventBatch& batch,
                           const BuildOptions& options);

/// Whether the inverted index is to be written by GlassWriter.
bool writes_in_bulk(const BuildOptions& options);

/// Makes an inverted index durable that Xapian wrote.
Result<WrittenFile> finish_reference_terms(const std::filesystem::path& path, bool durable);

/// The last step of making a segment, whose parts are written: describes them in `segment.json` and
/// makes the directory durable.
Result<void> finish_segment(const std::filesystem::path& segment, const SegmentInfo& info,
                            bool durable);

}  // namespace trailsift::store
