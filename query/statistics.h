#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "query/deadline.h"
#include "query/facets.h"
#include "query/search.h"
#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::query {

constexpr std::size_t kMaxGroupFields = 3;
constexpr std::size_t kMaxGroups = 200'000;  ///< Different ones, whatever the page.

/// Counts hits by the values of several fields, and by time.
struct StatisticsRequest {
  enum class Order : std::uint8_t { by_count, rarest, last_seen, first_seen, by_time };
  std::vector<FieldIndex> by;  ///< Columns other than event_time; up to kMaxGroupFields.
  std::optional<std::chrono::milliseconds> interval;  ///< Also by the bucket of the event time.
  std::optional<FieldIndex> distinct;  ///< A column whose different values are counted per group.
  /// Most first; least first; latest last_seen first; earliest first_seen first; earliest bucket
  /// first. Ties by bucket and then by values, those without one first.
  Order order = Order::by_count;
  std::uint32_t size = 100;  ///< Groups to tell.
};

struct StatisticsResult {
  struct Group {
    std::vector<std::optional<std::string>> values;  ///< As `by`; nullopt: hits without a value.
    std::optional<Timestamp> bucket;                 ///< Its beginning.
    std::uint64_t count = 0;
    std::uint64_t distinct = 0;
    Timestamp first_seen;
    Timestamp last_seen;
  };
  std::uint64_t group_count = 0;  ///< Of all, whatever `size`.
  std::vector<Group> groups;
};

/// Whether hits can be counted so; otherwise a bad_request or too_large error that says why.
Result<void> check_statistics(const StatisticsRequest& request);

/// Exact, over all hits. A hit with several values of a field counts once for each. More than
/// kMaxGroups groups are a too_large error. `request` has passed check_statistics().
Result<StatisticsResult> count_groups(const StatisticsRequest& request,
                                      std::span<const SegmentHits> hits, const Help& help,
                                      const Deadline& deadline);

}  // namespace trailsift::query
