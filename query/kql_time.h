#pragma once

#include <string_view>

#include "query/time_zone.h"
#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::query::kql {

/// What a time in a query stands for: from its first instant to the one behind its last.
struct TimeSpan {
  Timestamp begin;
  Timestamp end;
};

/// Reads `2021`, `2021-07`, `2021-07-29`, `2021-07-29T23:53`, `2021-07-29T23:53:26.5+02:00` and the
/// like, `now`, and sums with roundings: `now-7d/d`, `-24h`, `2021-07-29||+1M/M`, with the units y,
/// M, w, d, h, m and s. It stands for all of the year, day or second that it names, or that it was
/// rounded to last. What has no zone of its own is in `zone`. Else a bad_query error.
Result<TimeSpan> parse_time_span(std::string_view text, Timestamp now, const TimeZone& zone);

}  // namespace trailsift::query::kql
