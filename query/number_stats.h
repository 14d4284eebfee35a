#pragma once

#include <span>

#include "query/deadline.h"
#include "query/facets.h"
#include "query/search.h"
#include "schema/error.h"

namespace trailsift::query {

/// Whether a field's values can be added up; otherwise a bad_request error that says why.
Result<void> check_stats(FieldIndex field);

/// Over all hits of all segments. `field` has passed check_stats().
Result<NumberStats> number_stats(FieldIndex field, std::span<const SegmentHits> hits,
                                 const Deadline& deadline);

}  // namespace trailsift::query
