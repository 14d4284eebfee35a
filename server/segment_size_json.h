#pragma once

#include "server/json_out.h"
#include "store/segment.h"

namespace trailsift::server {

/// The members `terms`, `columns`, `records` and `total` of an object, in bytes.
void write_segment_size(JsonOut& out, const store::SegmentSize& bytes);

}  // namespace trailsift::server
