#pragma once

#include <memory>
#include <vector>

#include "store/segment.h"

namespace trailsift::store {

/// `segment` but for these documents, which are ascending; they take the place of those that it
/// lacked before. Without any, the segment as it is on disk.
std::shared_ptr<const Segment> without_documents(std::shared_ptr<const Segment> segment,
                                                 std::vector<DocId> docs);

/// Which ids of the segment's column of event ids were deleted, by rank; empty: none.
std::vector<bool> deleted_ids(const Segment& segment, const Column& ids);

}  // namespace trailsift::store
