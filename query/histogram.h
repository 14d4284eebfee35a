#pragma once

#include <span>

#include "query/deadline.h"
#include "query/facets.h"
#include "query/search.h"
#include "schema/error.h"

namespace trailsift::query {

/// Whether the interval is one that can be counted; otherwise a bad_request error.
Result<void> check_histogram(const HistogramRequest& request);

/// Hits over time, in buckets that begin at multiples of the interval since 1970, UTC. Of no hits,
/// no buckets. More than kMaxHistogramBuckets are a too_large error.
Result<HistogramResult> count_histogram(const HistogramRequest& request,
                                        std::span<const SegmentHits> hits,
                                        const Deadline& deadline);

}  // namespace trailsift::query
