#pragma once

#include <vector>

#include "query/deadline.h"
#include "query/facets.h"
#include "query/tree.h"
#include "schema/error.h"
#include "store/store.h"

namespace trailsift::query {

/// The events of `after` that answer a query and were not in `before`, an earlier snapshot of the
/// same store. Borrows the segments of `after`. Merges between the two make no event new.
Result<std::vector<SegmentHits>> find_new_hits(const store::Snapshot& before,
                                               const store::Snapshot& after, const Tree& query,
                                               const InTime& time, const Deadline& deadline);

}  // namespace trailsift::query
