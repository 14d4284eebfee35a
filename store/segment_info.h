#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "schema/error.h"
#include "schema/time.h"
#include "store/file.h"

namespace trailsift::store {

/// Version of a segment as a whole. A segment of another one is refused.
constexpr std::uint32_t kSegmentFormat = 2;

/// The files of a segment.
constexpr std::string_view kTermsFile = "terms.glass";
constexpr std::string_view kColumnsFile = "columns";
constexpr std::string_view kRecordsFile = "records";
constexpr std::string_view kSegmentInfoFile = "segment.json";

/// What `segment.json` says.
struct SegmentInfo {
  std::uint32_t events = 0;
  Timestamp oldest;
  Timestamp newest;
  WrittenFile terms;
  WrittenFile columns;
  WrittenFile records;
};

Result<SegmentInfo> read_segment_info(const std::filesystem::path& segment);
Result<void> write_segment_info(const std::filesystem::path& segment, const SegmentInfo& info,
                                bool durable);

}  // namespace trailsift::store
