#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "query/parse.h"
#include "query/tree.h"
#include "schema/time.h"
#include "server/refusal.h"
#include "server/relaxed_json.h"

namespace trailsift::server {

constexpr std::size_t kMaxElasticBytes = 1024UL * 1024;  ///< Of one request's JSON.
constexpr std::size_t kMaxElasticDepth = 100;            ///< Arrays and objects in each other.

/// Reads a query of Elasticsearch's query DSL (docs/elasticsearch.md lists the clauses): `term` and
/// its like compare whole values, `match` and its like words. Errors name the clause and point into
/// the text that `query` was parsed from; a clause that is not supported is refused by its name.
Checked<query::Tree> read_elastic_query(const RelaxedJson& query,
                                        const query::ParseOptions& options);

/// The names of all clauses.
std::vector<std::string_view> elastic_clauses();

/// The field that a client names: as everywhere, and with `.keyword` behind it, as it is written
/// where one path is indexed twice.
std::string_view elastic_field_name(std::string_view name);

/// A moment as clients of Elasticsearch write it: milliseconds since 1970, or what
/// parse_time_bound() and the everyday language read (`now-7d/d`). `format` is epoch_millis,
/// epoch_second or anything else.
Checked<Timestamp> read_elastic_time(const RelaxedJson& value, std::string_view format,
                                     const query::ParseOptions& options);

/// "'NAME' is not supported in WHERE", at its place.
tl::unexpected<Refusal> refuse_unsupported(std::string_view name, std::string_view where, Span at);
/// "expected WANTED for 'NAME', got …", at its place.
tl::unexpected<Refusal> refuse_elastic(std::string_view wanted, std::string_view name,
                                       const RelaxedJson& got);

/// Whether a word of JSON is this.
bool is_word(const RelaxedJson& value, std::string_view word);

}  // namespace trailsift::server
