#pragma once

#include "query/docset.h"
#include "query/segment_access.h"
#include "query/tree.h"
#include "schema/error.h"

namespace trailsift::query {

/// The documents of `within` with a value that passes a test which no order of values serves.
/// Exact, but for leaves that are rare or too long to be a term.
Result<Bounds> evaluate_condition(const Like& like, const DocSet& within, SegmentAccess& access);
Result<Bounds> evaluate_condition(const Found& found, const DocSet& within, SegmentAccess& access);
Result<Bounds> evaluate_condition(const InNetwork& in, const DocSet& within, SegmentAccess& access);
Result<Bounds> evaluate_condition(const Fuzzy& fuzzy, const DocSet& within, SegmentAccess& access);
/// Of an Equals that does not look at case.
Result<Bounds> evaluate_any_case(const Equals& equals, const DocSet& within, SegmentAccess& access);

}  // namespace trailsift::query
