#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "server/relaxed_json.h"
#include "server/search_call.h"

namespace trailsift::server {

/// A request on its way to a SearchCall. Each step reads some parameters.
struct Reading {
  const Parameters& parameters;
  Timestamp now;
  SearchCall call;
};

using Step = Checked<void> (*)(Reading&);

/// q, q.parser, q.options and fq (search_query.cpp).
Checked<void> read_query(Reading& reading);

/// expr and expr.NAME (search_extras.cpp). Before those that may name them.
Checked<void> read_expressions(Reading& reading);
/// The expression of this name, or nullopt.
std::optional<std::size_t> find_expression(const SearchCall& call, std::string_view name);

/// What hits are scored by (search_query.cpp). After those that may ask for a score.
Checked<void> read_score(Reading& reading);

/// sort, return, facet and facet.FIELD (search_fields.cpp).
Checked<void> read_sort(Reading& reading);
Checked<void> read_returned(Reading& reading);
Checked<void> read_facets(Reading& reading);

/// stats and highlight, for several fields or one (search_extras.cpp).
Checked<void> read_stats(Reading& reading);
Checked<void> read_highlights(Reading& reading);

/// What is asked for by field, as `NAME={FIELD: {...}, ...}` and as `NAME.FIELD={...}`. `add` takes
/// the field as it was named, its options, and the parameter that they stand in.
using AddField = Checked<void> (*)(SearchCall& call, const std::string& field,
                                   const RelaxedJson& options, const std::string& parameter);
Checked<void> read_by_field(Reading& reading, std::string_view name, AddField add);

/// "expected WANTED for parameter 'PARAMETER', got 'VALUE'".
tl::unexpected<Refusal> bad_value(const std::string& parameter, std::string_view wanted,
                                  const std::string& value);

}  // namespace trailsift::server
