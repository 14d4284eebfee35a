#pragma once

#include <span>
#include <string_view>

#include "query/kql_syntax.h"
#include "query/parse.h"
#include "query/tree.h"
#include "server/refusal.h"
#include "server/relaxed_json.h"

namespace trailsift::server {

/// Reads what stands behind the name of a clause of the query DSL; see read_elastic_query().
using ElasticClause = Checked<query::Tree> (*)(const RelaxedJson& body,
                                               const query::ParseOptions& options);

// About values: elastic_clauses.cpp.
Checked<query::Tree> read_term(const RelaxedJson& body, const query::ParseOptions& options);
Checked<query::Tree> read_terms(const RelaxedJson& body, const query::ParseOptions& options);
Checked<query::Tree> read_range(const RelaxedJson& body, const query::ParseOptions& options);
Checked<query::Tree> read_wildcard(const RelaxedJson& body, const query::ParseOptions& options);
Checked<query::Tree> read_prefix(const RelaxedJson& body, const query::ParseOptions& options);
Checked<query::Tree> read_regexp(const RelaxedJson& body, const query::ParseOptions& options);
Checked<query::Tree> read_exists(const RelaxedJson& body, const query::ParseOptions& options);
Checked<query::Tree> read_ids(const RelaxedJson& body, const query::ParseOptions& options);

// About words: elastic_words.cpp.
Checked<query::Tree> read_match(const RelaxedJson& body, const query::ParseOptions& options);
Checked<query::Tree> read_match_phrase(const RelaxedJson& body, const query::ParseOptions& options);
Checked<query::Tree> read_multi_match(const RelaxedJson& body, const query::ParseOptions& options);
Checked<query::Tree> read_query_string(const RelaxedJson& body, const query::ParseOptions& options);
Checked<query::Tree> read_simple_query_string(const RelaxedJson& body,
                                              const query::ParseOptions& options);

/// The member of a clause about one field: its name, and the value or the object with it.
struct ElasticFieldBody {
  std::string_view field;
  const RelaxedJson* value = nullptr;    ///< A scalar.
  const RelaxedJson* options = nullptr;  ///< The object, where there is one.

  /// "" where there is none.
  std::string_view option(std::string_view name) const;
};

/// `{FIELD: value}` or `{FIELD: {KEY: value, …}}` with no members but these and `more`.
Checked<ElasticFieldBody> read_field_body(const RelaxedJson& body, std::string_view clause,
                                          std::string_view key,
                                          std::span<const std::string_view> more = {});

/// One condition of the everyday language, which is what most clauses are.
Checked<query::Tree> bind_condition(std::string_view field, query::kql::Relation relation,
                                    query::kql::Value value, const query::ParseOptions& options);
query::kql::Value text_value(const RelaxedJson& value);

const RelaxedJson* find_member(const RelaxedJson& object, std::string_view key);

/// Whether a member of a clause says nothing about what matches.
bool only_scores(std::string_view key);

}  // namespace trailsift::server
