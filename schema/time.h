#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "schema/error.h"

namespace trailsift {

/// UTC, in milliseconds since 1970; years 0000 to 9999.
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// RFC 3339 with `Z` or an offset: `2021-07-29T23:53:26Z`, `…26.123Z`, `…26+02:00`.
/// Fractions finer than a millisecond are cut off. Anything else is a bad_query error.
Result<Timestamp> parse_time(std::string_view text);

/// What people type for a bound of a time range: RFC 3339, a bare day (`2021-07-29`, its first
/// instant, UTC), `now`, or an amount before or after now: `now-24h`, `-7d`, `now+5m`
/// with the units s, m, h, d and w.
Result<Timestamp> parse_time_bound(std::string_view text, Timestamp now);

/// RFC 3339 in UTC; the fraction only when it is not zero: `2021-07-29T23:53:26.120Z`.
std::string format_time(Timestamp time);

}  // namespace trailsift
