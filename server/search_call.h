#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "query/search.h"
#include "schema/time.h"
#include "server/parameters.h"
#include "server/refusal.h"

namespace trailsift::server {

/// The shape of an answer (docs/api.md).
enum class Dialect : std::uint8_t { json, sdk };

/// A field in an answer, under the name that the request gave it.
struct ReturnedField {
  std::string label;
  FieldIndex field;
};

constexpr std::size_t kMaxFacets = 100;

/// A search request as CloudSearch clients send it, understood.
struct SearchCall {
  query::SearchRequest request;
  Dialect dialect = Dialect::json;
  bool pretty = false;
  bool with_fields = true;  ///< False: hits are ids alone.
  std::vector<ReturnedField> returned;
  std::vector<std::string> facet_labels;  ///< One for each of request.facets.
};

/// Every problem is a refusal that names the parameter.
Checked<SearchCall> parse_search_call(const Parameters& parameters, Timestamp now);

}  // namespace trailsift::server
