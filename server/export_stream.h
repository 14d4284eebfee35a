#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "query/hit_walk.h"
#include "server/hit_columns.h"
#include "server/http.h"

namespace trailsift::server {

/// Hits as text: each one's original record on a line of its own. A record that came with line
/// breaks between its members has spaces in their places.
std::shared_ptr<BodyStream> record_stream(query::HitWalk hits, std::stop_token stop);

/// Hits as comma-separated values (RFC 4180) under a line of the columns' names. Several values of
/// one column stand between ` | `. What a spreadsheet would take for a formula gets a `'` before
/// it.
std::shared_ptr<BodyStream> csv_stream(query::HitWalk hits, std::vector<HitColumn> columns,
                                       std::stop_token stop);

}  // namespace trailsift::server
