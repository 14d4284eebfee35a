#pragma once

#include <cstdint>
#include <vector>

#include "store/segment.h"

namespace trailsift::query {

/// How many events that are not deleted have each value of a column of the segment, by rank. Looks
/// at every document: only for segments of which some are deleted.
std::vector<std::uint64_t> live_counts(const store::Segment& segment, const store::Column& column);

}  // namespace trailsift::query
