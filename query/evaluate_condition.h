#pragma once

#include <cstdint>
#include <optional>

#include "query/docset.h"
#include "query/segment_access.h"
#include "query/tree.h"
#include "query/words.h"
#include "schema/error.h"

namespace trailsift::query {

/// The documents of `within` that meet a condition on whole values. Exact, but for values of a leaf
/// that are rare or too long to be a term.
Result<Bounds> evaluate_condition(const InTime& time, const DocSet& within, SegmentAccess& access);
Result<Bounds> evaluate_condition(const Equals& equals, const DocSet& within,
                                  SegmentAccess& access);
Result<Bounds> evaluate_condition(const StartsWith& starts_with, const DocSet& within,
                                  SegmentAccess& access);
Result<Bounds> evaluate_condition(const Between& between, const DocSet& within,
                                  SegmentAccess& access);

/// The documents of `within` whose event time, written out, passes the test: it has no dictionary.
Result<DocSet> with_time_text(const TextTest& passes, const DocSet& within, SegmentAccess& access);

/// About how many documents of the segment have the value.
Result<std::uint64_t> cost_of(const Equals& equals, SegmentAccess& access);

/// The bounds of an event_time condition as a half-open range. Values that are not a time are
/// bad_query errors.
Result<InTime> time_between(const std::optional<Between::Bound>& low,
                            const std::optional<Between::Bound>& high);

/// The documents with an event time in the range, also where it is empty or upside down.
Result<DocRange> documents_in(const store::Segment& segment, const InTime& range);

/// The ranks whose values lie between the bounds.
RankRange ranks_between(const store::Column& column, const std::optional<Between::Bound>& low,
                        const std::optional<Between::Bound>& high);

}  // namespace trailsift::query
