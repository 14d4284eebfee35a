#pragma once

#include <string>
#include <vector>

#include "query/parse.h"
#include "server/refusal.h"

namespace trailsift::server {

/// What `q.options` says.
struct QueryOptions {
  query::ParseOptions parse;
  /// One for each of parse.default_fields: how much it counts for the score, above 0.
  std::vector<double> weights;
};

/// Reads the text of `q.options` for a query in `parser`, which is one of CloudSearch's four or
/// another name in query/syntax.h. Refused: an option that the parser does not have, a value that
/// the option does not take.
Checked<QueryOptions> parse_query_options(const std::string& text, std::string_view parser);

}  // namespace trailsift::server
