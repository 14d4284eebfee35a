#pragma once

#include <span>
#include <vector>

#include "query/deadline.h"
#include "query/docset.h"
#include "query/search.h"
#include "schema/error.h"
#include "store/segment.h"

namespace trailsift::query {

/// The documents of one segment that answer a query. Borrows the segment.
struct SegmentHits {
  const store::Segment* segment = nullptr;
  DocSet docs;
};

/// Whether a facet can be counted; otherwise a bad_request or too_large error that says why.
Result<void> check_facet(const FacetRequest& request);

/// Counts over all hits of all segments. `request` has passed check_facet().
Result<FacetResult> count_facet(const FacetRequest& request, std::span<const SegmentHits> hits,
                                const Deadline& deadline);

}  // namespace trailsift::query
