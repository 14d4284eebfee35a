#pragma once

#include <string>

#include "query/parse.h"
#include "server/refusal.h"

namespace trailsift::server {

/// Reads the text of `q.options` for a query in `parser`, which is one of CloudSearch's four or
/// another name in query/syntax.h. Refused: an option that the parser does not have, a value that
/// the option does not take.
Checked<query::ParseOptions> parse_query_options(const std::string& text, std::string_view parser);

}  // namespace trailsift::server
