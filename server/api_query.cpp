#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/histogram.h"
#include "query/search.h"
#include "query/syntax.h"
#include "server/api_answer.h"
#include "server/api_members.h"
#include "server/hit_columns.h"
#include "server/query_call.h"
#include "server/query_limits.h"
#include "server/routes.h"
#include "server/search_answer.h"

namespace trailsift::server {
namespace {

using std::chrono::steady_clock;

/// A facet as it was asked for.
struct FacetCall {
  std::string label;
  query::FacetRequest request;
  bool own_filter = true;
};

/// A request for events, facets and histogram, understood.
struct SearchMembers {
  QueryCall query;
  std::vector<HitColumn> columns;
  std::vector<FacetCall> facets;
  query::SearchRequest request;  ///< But for the query and what bounds its time.
};

Checked<query::SortKey> read_sort_key(const std::string& text) {
  const std::size_t space = text.find(' ');
  const std::string direction = space == std::string::npos ? "asc" : text.substr(space + 1);
  if (direction != "asc" && direction != "desc") {
    return refuse(ErrorCode::bad_request,
                  "expected NAME, NAME asc or NAME desc for 'sort', got '" + text + "'", "sort");
  }
  const auto field = find_column(text.substr(0, space), "sort");
  if (!field) return tl::unexpected(field.error());
  return query::SortKey{*field, direction == "desc"};
}

bool is_score(const RelaxedJson& key) {
  return key.text == "_score" || key.text.starts_with("_score ");
}

/// By how well hits answer `q`; filters count for nothing.
Checked<void> sort_by_score(const std::string& text, SearchMembers& call) {
  if (text != "_score desc" && text != "_score asc") {
    return refuse(ErrorCode::bad_request,
                  "expected '_score desc' or '_score asc' for 'sort', got '" + text + "'", "sort");
  }
  query::Tree scored{query::Everything{}};
  if (!call.query.text.empty()) {
    query::ParseOptions options = call.query.parse;
    options.scored = true;
    auto tree = query::find_syntax(call.query.syntax)->parse(call.query.text, options);
    if (!tree) return refuse(tree.error(), "q");
    scored = std::move(*tree);
  }
  call.request.scored = std::move(scored);
  call.request.computed_sort = {{nullptr, text == "_score desc"}};
  call.query.fingerprint += "_score\n";
  return {};
}

Checked<void> read_sort(const CheckedMembers& members, SearchMembers& call) {
  const auto* keys = members.items("sort");
  if (keys == nullptr) return {};
  if (std::ranges::any_of(*keys, is_score)) {
    if (keys->size() == 1) return sort_by_score(keys->front().text, call);
    return refuse(ErrorCode::bad_request, "expected '_score' to stand alone in 'sort'", "sort");
  }
  for (const RelaxedJson& item : *keys) {
    const auto key = read_sort_key(item.text);
    if (!key) return tl::unexpected(key.error());
    if (field_at(key->field).multi) {
      return refuse(ErrorCode::bad_request,
                    "cannot sort by '" + item.text + "': the field has several values", "sort");
    }
    call.request.sort.push_back(*key);
  }
  return {};
}

Checked<FacetCall> read_facet(const CheckedMembers& facet, const std::string& path) {
  const std::string* const name = facet.text("field");
  if (name == nullptr) {
    return refuse(ErrorCode::bad_request, "expected a field for '" + path + "'", path + ".field");
  }
  const auto field = find_column(*name, path + ".field");
  if (!field) return tl::unexpected(field.error());
  if (*field == event_time_field()) {
    return refuse(ErrorCode::bad_request, "expected 'histogram' for times, got a facet",
                  path + ".field");
  }
  FacetCall call{*name, {}, facet.flag("own_filter", true)};
  call.request.field = *field;
  call.request.size = static_cast<std::uint32_t>(facet.number("size", 10));
  const std::string* const sort = facet.text("sort");
  using Order = query::FacetRequest::Order;
  if (sort != nullptr) {
    call.request.order = *sort == "value"  ? Order::by_value
                         : *sort == "rare" ? Order::rarest
                                           : Order::by_count;
  }
  if (const std::string* text = facet.text("search")) call.request.containing = *text;
  return call;
}

Checked<void> read_facets(const CheckedMembers& members, SearchMembers& call) {
  const auto* facets = members.items("facets");
  if (facets == nullptr) return {};
  for (std::size_t i = 0; i < facets->size(); ++i) {
    auto facet = read_facet(parts_of((*facets)[i]), "facets[" + std::to_string(i) + "]");
    if (!facet) return tl::unexpected(facet.error());
    call.facets.push_back(std::move(*facet));
  }
  return {};
}

Checked<void> read_histogram(const CheckedMembers& members, SearchMembers& call) {
  const RelaxedJson* const object = members.find("histogram");
  if (object == nullptr) return {};
  const CheckedMembers parts = parts_of(*object);
  query::HistogramRequest histogram;
  if (const std::string* text = parts.text("interval")) {
    const auto interval = read_interval(*text, "histogram.interval");
    if (!interval) return tl::unexpected(interval.error());
    histogram.interval = *interval;
  }
  histogram.target_buckets = static_cast<std::uint32_t>(parts.number("buckets", 60));
  histogram.split_values = static_cast<std::uint32_t>(parts.number("values", 5));
  if (const std::string* name = parts.text("split")) {
    const auto field = find_column(*name, "histogram.split");
    if (!field) return tl::unexpected(field.error());
    histogram.split = *field;
  }
  if (const auto checked = query::check_histogram(histogram); !checked) {
    return refuse(checked.error(), "histogram");
  }
  call.request.histogram = histogram;
  return {};
}

Checked<SearchMembers> read_search(Asked asked) {
  const CheckedMembers& members = asked.members;
  auto columns = read_hit_columns(members);
  if (!columns) return tl::unexpected(columns.error());
  SearchMembers call{std::move(asked.query), std::move(*columns), {}, {}};
  for (const auto read : {read_sort, read_facets, read_histogram}) {
    if (const auto ok = read(members, call); !ok) return tl::unexpected(ok.error());
  }
  call.request.parts = parts_for(call.columns);
  call.request.size = static_cast<std::uint32_t>(members.number("size", kDefaultHits));
  const std::string* const cursor = members.text("cursor");
  call.request.cursor = cursor == nullptr ? "initial" : *cursor;
  call.request.fingerprint = call.query.fingerprint;
  call.request.partial = members.flag("partial");
  return call;
}

/// Whether a facet is to be counted over other events than the hits.
bool is_apart(const FacetCall& facet, const QueryCall& query) {
  return !facet.own_filter && std::ranges::any_of(query.filters, [&](const QueryFilter& filter) {
    const auto* const field = filter.target ? std::get_if<FieldIndex>(&*filter.target) : nullptr;
    return field != nullptr && *field == facet.request.field;
  });
}

/// The facet without the request's filters on its own field.
Result<query::SearchResult> count_apart(const store::Snapshot& snapshot, const SearchMembers& call,
                                        const FacetCall& facet) {
  query::SearchRequest request;
  request.query = whole_tree(call.query, query::Target(facet.request.field));
  request.time = call.query.time;
  request.size = 0;
  request.facets = {facet.request};
  request.help = call.request.help;
  request.limits = call.request.limits;
  return query::search(snapshot, request);
}

Result<query::SearchResult> run(const store::Snapshot& snapshot, SearchMembers& call) {
  for (const FacetCall& facet : call.facets) {
    if (!is_apart(facet, call.query)) call.request.facets.push_back(facet.request);
  }
  call.request.query = whole_tree(call.query);
  call.request.time = call.query.time;
  auto result = query::search(snapshot, call.request);
  if (!result) return result;
  std::vector<query::FacetResult> facets;
  auto next = result->facets.begin();
  for (const FacetCall& facet : call.facets) {
    if (!is_apart(facet, call.query)) {
      facets.push_back(std::move(*next++));
      continue;
    }
    if (result->partial) {
      return tl::unexpected(only_of_all("facets without the filters on their own field"));
    }
    auto counted = count_apart(snapshot, call, facet);
    if (!counted) return tl::unexpected(counted.error());
    facets.push_back(std::move(counted->facets.front()));
  }
  result->facets = std::move(facets);
  return result;
}

void write_facets(JsonOut& out, const SearchMembers& call, const query::SearchResult& result) {
  if (call.facets.empty()) return;
  out.key("facets");
  out.begin_array();
  for (std::size_t i = 0; i < call.facets.size(); ++i) {
    write_facet(out, call.facets[i].label, result.facets[i]);
  }
  out.end_array();
}

void write_counts(JsonOut& out, std::string_view name, const std::vector<std::uint64_t>& counts) {
  out.key(name);
  out.begin_array();
  for (const std::uint64_t count : counts) out.number(count);
  out.end_array();
}

void write_split(JsonOut& out, const std::string& label, const query::HistogramResult& histogram) {
  out.key("split");
  out.begin_object();
  out.member("field", label);
  out.key("series");
  out.begin_array();
  for (const auto& series : histogram.series) {
    out.begin_object();
    out.member("value", series.value);
    write_counts(out, "counts", series.counts);
    out.end_object();
  }
  out.end_array();
  write_counts(out, "others", histogram.others);
  write_counts(out, "missing", histogram.missing);
  out.end_object();
}

void write_histogram(JsonOut& out, const SearchMembers& call, const query::SearchResult& result) {
  if (!result.histogram) return;
  out.key("histogram");
  out.begin_object();
  out.member("interval_ms", static_cast<std::uint64_t>(result.histogram->interval.count()));
  out.key("buckets");
  out.begin_array();
  for (const auto& bucket : result.histogram->buckets) {
    out.begin_object();
    out.member("time", format_time(bucket.begin));
    out.member("count", bucket.count);
    out.end_object();
  }
  out.end_array();
  if (const auto split = call.request.histogram->split) {
    write_split(out, std::string(field_at(*split).name), *result.histogram);
  }
  out.end_object();
}

void write_partial(JsonOut& out, const query::SearchResult& result) {
  if (!result.partial) return;
  out.key("partial");
  out.begin_object();
  out.member("searched_events", result.partial->searched);
  out.member("events", result.partial->events);
  out.end_object();
}

Checked<std::string> write_answer(const SearchMembers& call, const query::SearchResult& result,
                                  steady_clock::time_point began) {
  JsonOut out;
  out.begin_object();
  out.member("total", result.found);
  write_partial(out, result);
  if (auto ok = write_hits(out, result.hits, call.columns, result.scores); !ok) {
    return refuse(ok.error());
  }
  write_facets(out, call, result);
  write_histogram(out, call, result);
  const bool is_full = call.request.size > 0 && result.hits.size() == call.request.size;
  if (is_full && result.cursor) out.member("cursor", *result.cursor);
  write_took(out, began);
  out.end_object();
  return out.text();
}

}  // namespace

Checked<HttpResponse> search_events(Context& context, const Call& call) {
  const auto began = steady_clock::now();
  auto read = read_asked(context, call, search_members());
  if (!read) return tl::unexpected(read.error());
  auto asked = read_search(std::move(*read));
  if (!asked) return tl::unexpected(asked.error());
  limit(context, call, asked->query.timeout, asked->request);
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  const auto result = run(**snapshot, *asked);
  if (!result) return refuse(result.error(), parameter_of(result.error()));
  auto body = write_answer(*asked, *result, began);
  if (!body) return tl::unexpected(body.error());
  return json_answer(std::move(*body));
}

}  // namespace trailsift::server
