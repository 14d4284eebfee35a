#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/answer_json.h"
#include "cli/column.h"
#include "cli/explained.h"
#include "query/search.h"
#include "schema/error.h"

namespace trailsift::cli {

/// What GET or POST /api/search answered, with the facets in the order of `fields`. Hits have what
/// the answer tells of them, in canonical form; one told with its record has all that is in that,
/// too. Nothing is believed: what is not of the form is an `io` error that says what was expected.
Result<query::SearchResult> read_search_answer(std::string_view json,
                                               std::span<const FieldIndex> fields);

/// The same of one hit, and of one facet.
Result<Event> hit_of(const Json& told);
Result<query::FacetResult> facet_of(const Json& told);

/// One hit alone, as GET /api/tail tells it.
Result<Event> read_hit(std::string_view json);

/// What /api/explain answered to a query without filters.
Result<ExplainedQuery> read_explain_answer(std::string_view json);

/// What to ask for so that hits have all that `columns` need.
std::vector<std::string> wire_columns(const std::vector<Column>& columns);
/// The same in a URL.
std::string joined_names(const std::vector<std::string>& names);

}  // namespace trailsift::cli
