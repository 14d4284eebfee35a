#pragma once

#include <vector>

#include "schema/event.h"
#include "store/segment.h"

namespace trailsift::store {

/// Compares everything that a segment answers with what `events` say, in any order: every column,
/// the times and time ranges, every record, every term with its documents.
void expect_segment_holds(const Segment& segment, std::vector<Event> events);

}  // namespace trailsift::store
