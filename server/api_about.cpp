#include <array>
#include <cstdint>
#include <string_view>
#include <thread>

#include "query/explain.h"
#include "query/facets.h"
#include "query/parse.h"
#include "query/regular_expression.h"
#include "query/search.h"
#include "query/session.h"
#include "query/statistics.h"
#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/http_server.h"
#include "server/json_out.h"
#include "server/request_members.h"
#include "server/routes.h"
#include "server/search_answer.h"
#include "store/glass_support.h"
#include "store/scan_kernels.h"

namespace trailsift::server {
namespace {

struct Limit {
  std::string_view name;
  std::uint64_t value;
  std::string_view unit;
  std::string_view help;
};

// clang-format off
constexpr std::array kLimits = {
  Limit{"query_bytes",        query::kMaxQueryBytes,       "bytes",   "the text of a query"},
  Limit{"query_conditions",   query::kMaxQueryClauses,     "",        "conditions of a query"},
  Limit{"query_depth",        query::kMaxQueryDepth,       "",        "operators of a query inside each other"},
  Limit{"expression_bytes",   query::kMaxExpressionBytes,  "bytes",   "a regular expression"},
  Limit{"filters",            kMaxFilters,                 "",        "filters of a request"},
  Limit{"filter_values",      kMaxFilterValues,            "",        "values of one filter"},
  Limit{"hits",               query::kMaxWindow,           "",        "hits of one page; a cursor goes on, an export has no limit"},
  Limit{"columns",            kMaxColumns,                 "",        "columns of hits and of an export"},
  Limit{"sort_columns",       query::kMaxSortKeys,         "",        "columns to sort by"},
  Limit{"facet_values",       query::kMaxFacetValues,      "",        "values that a facet lists; all are counted"},
  Limit{"histogram_buckets",  query::kMaxHistogramBuckets, "",        "bars of a histogram"},
  Limit{"groups",             query::kMaxGroups,           "",        "groups of a statistic"},
  Limit{"explained_clauses",  query::kMaxExplained,        "",        "conditions that an explanation counts"},
  Limit{"session_depth",      query::kMaxSessionDepth,     "",        "sessions of a chain"},
  Limit{"session_children",   query::kMaxSessionChildren,  "",        "sessions listed that were opened from one"},
  Limit{"request_bytes",      kMaxRequestBytes,            "bytes",   "the body of a search"},
  Limit{"answer_bytes",       kMaxAnswerBytes,             "bytes",   "an answer; exports have no limit"},
  Limit{"uri_bytes",          HttpLimits{}.max_uri_bytes,  "bytes",   "the address of a request"},
  Limit{"connections",        HttpLimits{}.max_connections, "",       "open connections; further ones wait"},
};
// clang-format on

void write_limit(JsonOut& out, const Limit& limit) {
  out.begin_object();
  out.member("name", limit.name);
  out.member("value", limit.value);
  if (!limit.unit.empty()) out.member("unit", limit.unit);
  out.member("help", limit.help);
  out.end_object();
}

}  // namespace

Checked<HttpResponse> get_about(Context& context, const Call&) {
  JsonOut out;
  out.begin_object();
  out.member("version", context.version);
  out.member("compiler", "GCC " __VERSION__);
  out.member("vector_instructions", store::scan_kernels().name);
  out.member("cores", std::uint64_t{std::thread::hardware_concurrency()});
  out.key("bulk_writer");
  out.boolean(store::glass_layout_is_tested());
  out.key("takes_events");
  out.boolean(context.sources != nullptr);
  out.key("limits");
  out.begin_array();
  const auto timeout = static_cast<std::uint64_t>(context.query_timeout.count());
  write_limit(out, {"query_time", timeout, "ms", "how long a query may take"});
  for (const Limit& limit : kLimits) write_limit(out, limit);
  out.end_array();
  out.end_object();
  return json_answer(out.text());
}

}  // namespace trailsift::server
