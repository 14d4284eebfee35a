#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "query/deadline.h"
#include "query/facets.h"
#include "query/score.h"
#include "query/search.h"
#include "query/sort.h"
#include "schema/error.h"

namespace trailsift::query {

/// The numbers of a hit, one for each key.
using ComputedValues = std::vector<std::uint64_t>;

struct ComputedHit {
  Hit hit;
  ComputedValues values;
};

/// The first `limit` hits in the order of the keys; ties by event_time descending, then event id.
/// With `after`, whose values are numbers as text, of those that stand strictly after it.
/// Every hit is looked at. `scorer` may be null when no key needs scores. The number of a score is
/// score_place().
Result<std::vector<ComputedHit>> first_computed(std::span<const ComputedKey> keys,
                                                std::span<const SegmentHits> hits,
                                                const Scorer* scorer,
                                                const std::optional<Position>& after,
                                                std::size_t limit, const Deadline& deadline);

/// A number that is greater for greater scores, which are 0 or more; each has its own.
std::uint64_t score_place(double score);

/// Where a hit stands, as `after` wants it.
Result<Position> position_of(const ComputedHit& hit);

}  // namespace trailsift::query
