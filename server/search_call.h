#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/expression.h"
#include "query/highlight.h"
#include "query/search.h"
#include "schema/time.h"
#include "server/parameters.h"
#include "server/refusal.h"

namespace trailsift::server {

/// The shape of an answer (docs/api.md).
enum class Dialect : std::uint8_t { json, sdk, xml };

/// By the value of `format`.
std::optional<Dialect> find_dialect(std::string_view format);

/// A field in an answer, under the name that the request gave it.
struct ReturnedField {
  std::string label;
  FieldIndex field;
};

/// An excerpt of a field's text, under the name that the request gave the field.
struct HighlightedField {
  std::string label;
  FieldIndex field;
  query::HighlightStyle style;
};

constexpr std::size_t kMaxFacets = 100;

/// A search request as CloudSearch clients send it, understood.
struct SearchCall {
  query::SearchRequest request;
  Dialect dialect = Dialect::json;
  bool pretty = false;
  bool with_fields = true;  ///< False: hits are ids alone.
  bool with_score = false;  ///< `_score` is returned of each hit.
  std::vector<ReturnedField> returned;
  std::vector<std::string> facet_labels;  ///< One for each of request.facets.
  std::vector<std::string> stats_labels;  ///< One for each of request.stats.
  std::vector<HighlightedField> highlights;
  std::vector<query::NamedExpression> expressions;
  std::vector<std::shared_ptr<const query::Expression>> compiled;  ///< One for each of these.
  std::vector<std::size_t> returned_expressions;                   ///< Which of them.
  query::Tree main_query{query::Nothing{}};  ///< `q` alone: what is highlighted.
};

/// Every problem is a refusal that names the parameter.
Checked<SearchCall> parse_search_call(const Parameters& parameters, Timestamp now);

}  // namespace trailsift::server
