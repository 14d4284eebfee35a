#pragma once

#include "query/docset.h"
#include "query/segment_access.h"
#include "query/tree.h"
#include "schema/error.h"

namespace trailsift::query {

/// The documents of `within` in which the targets have a value in common: exact for two columns;
/// else those that have values at all, for the records to decide.
Result<Bounds> evaluate_condition(const SameValue& same, const DocSet& within,
                                  SegmentAccess& access);

}  // namespace trailsift::query
