#pragma once

#include <string>
#include <string_view>

#include "query/search.h"
#include "server/refusal.h"
#include "server/relaxed_json.h"

namespace trailsift::server {

/// The facet that `field` and its options ask for. `parameter` is the one that `options` stand in,
/// for refusals.
Checked<query::FacetRequest> parse_facet(std::string_view field, const RelaxedJson& options,
                                         const std::string& parameter);

/// Refusals about a field that a client named: unknown (with what it may have meant), or not a
/// column. `use` is "sort" or "facet".
Checked<const Field*> find_named_field(std::string_view name, const std::string& parameter);
Checked<const Field*> find_column(std::string_view name, std::string_view use,
                                  const std::string& parameter);

}  // namespace trailsift::server
