#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "query/deadline.h"
#include "query/facets.h"
#include "query/search.h"
#include "schema/error.h"
#include "store/segment.h"

namespace trailsift::query {

/// Whether hits can be sorted so; otherwise a bad_request or too_large error that says why.
Result<void> check_sort(std::span<const SortKey> keys);

/// The keys without those that decide nothing: repeats, what follows event_id, and the order that
/// ties are in anyway (event_time descending, event_id ascending). Empty means newest first.
std::vector<SortKey> deciding_keys(std::span<const SortKey> keys);

/// Where a hit stands in an order, whatever segment it is in.
struct Position {
  std::vector<std::optional<std::string>> values;  ///< One for each key; nullopt without a value.
  Timestamp time;
  std::string id;

  friend bool operator==(const Position&, const Position&) = default;
};

struct Hit {
  const store::Segment* segment = nullptr;
  DocId doc = 0;
};

/// The first `limit` hits in the order of the deciding keys; with `after`, of those that stand
/// strictly after it.
Result<std::vector<Hit>> first_hits(std::span<const SortKey> keys,
                                    std::span<const SegmentHits> hits,
                                    const std::optional<Position>& after, std::size_t limit,
                                    const Deadline& deadline);

Result<Position> position_of(std::span<const SortKey> keys, const Hit& hit);

}  // namespace trailsift::query
