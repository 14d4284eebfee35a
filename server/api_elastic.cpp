#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/wildcard.h"
#include "server/elastic_clauses.h"
#include "server/elastic_query.h"
#include "server/elastic_search.h"
#include "server/query_limits.h"
#include "server/routes.h"

namespace trailsift::server {
namespace {

constexpr std::string_view kIndex = "trailsift";
/// The version whose requests are understood; clients refuse to speak to much older ones.
constexpr std::string_view kVersion = "8.11.0";
constexpr std::size_t kMaxSearches = 100;  ///< In one multi-search.

HttpResponse answer(const JsonOut& out) {
  // Elasticsearch's own clients refuse answers without this header.
  return HttpResponse{
      200, "application/json", out.text(), {{"X-Elastic-Product", "Elasticsearch"}}};
}

Checked<void> run_search(Context& context, const Call& call, std::string_view body,
                         const Parameters& parameters, JsonOut& out, bool status) {
  auto search = read_elastic_search(body, parameters, context.now());
  if (!search) return tl::unexpected(search.error());
  limit(context, call, search->timeout, search->request);
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  return answer_elastic_search(out, **snapshot, *search, status);
}

/// The lines of a multi-search that are not empty.
Checked<std::vector<std::string_view>> split_lines(std::string_view body) {
  std::vector<std::string_view> lines;
  while (!body.empty()) {
    const std::size_t end = std::min(body.find('\n'), body.size());
    const std::string_view line = body.substr(0, end);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) lines.push_back(line);
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  if (lines.empty() || lines.size() % 2 != 0) {
    return refuse(ErrorCode::bad_request,
                  "expected a line about the index and a line with the search, in turn, got " +
                      std::to_string(lines.size()) + " lines");
  }
  if (lines.size() > 2 * kMaxSearches) {
    return refuse(ErrorCode::too_large, "expected at most " + std::to_string(kMaxSearches) +
                                            " searches, got " + std::to_string(lines.size() / 2));
  }
  return lines;
}

/// The line before a search says where it looks, which is always the same; nothing else in it may
/// change an answer.
Checked<void> check_header(std::string_view line) {
  const auto header = parse_relaxed_json(line, kMaxElasticBytes, kMaxElasticDepth);
  if (!header) return refuse(header.error());
  const RelaxedJson* const partial = find_member(*header, "allow_partial_search_results");
  if (partial == nullptr || is_word(*partial, "true")) return {};
  return refuse_unsupported("allow_partial_search_results", "the line before a search",
                            partial->at);
}

std::string_view type_name(FieldType type) {
  switch (type) {
    case FieldType::keyword: return "keyword";
    case FieldType::text: return "text";
    case FieldType::ip: return "ip";
    case FieldType::time: return "date";
    case FieldType::boolean: return "boolean";
    case FieldType::integer: return "long";
  }
  return "keyword";
}

/// A field under one of its names.
struct Named {
  std::string_view name;
  const Field* field = nullptr;
};

/// All fields, and the time also as people are used to call it.
std::vector<Named> named_fields() {
  std::vector<Named> named = {{"@timestamp", &field_at(event_time_field())}};
  for (const Field& field : fields()) named.push_back({field.name, &field});
  return named;
}

void write_capabilities(JsonOut& out, const Field& field) {
  out.begin_object();
  out.key(type_name(field.type));
  out.begin_object();
  out.member("type", type_name(field.type));
  out.key("metadata_field");
  out.boolean(false);
  out.key("searchable");
  out.boolean(true);
  out.key("aggregatable");
  out.boolean(field.column);
  out.end_object();
  out.end_object();
}

bool is_asked_for(std::string_view name, std::string_view patterns) {
  while (!patterns.empty()) {
    const std::size_t end = std::min(patterns.find(','), patterns.size());
    if (query::Wildcard(std::string(patterns.substr(0, end))).matches(name)) return true;
    patterns.remove_prefix(std::min(end + 1, patterns.size()));
  }
  return false;
}

}  // namespace

Checked<HttpResponse> elastic_info(Context& context, const Call&) {
  JsonOut out;
  out.begin_object();
  out.member("name", kIndex);
  out.member("cluster_name", kIndex);
  out.member("cluster_uuid", kIndex);
  out.key("version");
  out.begin_object();
  out.member("number", kVersion);
  out.member("build_flavor", "default");
  out.member("minimum_wire_compatibility_version", "7.17.0");
  out.member("minimum_index_compatibility_version", "7.0.0");
  out.end_object();
  out.member("tagline", "Trailsift " + context.version + ", which answers some of this API");
  out.end_object();
  return answer(out);
}

Checked<HttpResponse> elastic_health(Context& context, const Call&) {
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  JsonOut out;
  out.begin_object();
  out.member("cluster_name", kIndex);
  out.member("status", "green");
  out.key("timed_out");
  out.boolean(false);
  out.member("number_of_nodes", std::uint64_t{1});
  out.member("number_of_data_nodes", std::uint64_t{1});
  out.member("active_shards", std::uint64_t{1});
  out.member("unassigned_shards", std::uint64_t{0});
  out.end_object();
  return answer(out);
}

Checked<HttpResponse> elastic_search(Context& context, const Call& call) {
  JsonOut out;
  const auto done = run_search(context, call, call.request.body, call.parameters, out, false);
  if (!done) return tl::unexpected(done.error());
  return answer(out);
}

Checked<HttpResponse> elastic_msearch(Context& context, const Call& call) {
  const auto lines = split_lines(call.request.body);
  if (!lines) return tl::unexpected(lines.error());
  JsonOut out;
  out.begin_object();
  const auto began = std::chrono::steady_clock::now();
  out.key("responses");
  out.begin_array();
  for (std::size_t i = 1; i < lines->size(); i += 2) {
    auto done = check_header((*lines)[i - 1]);
    if (done) done = run_search(context, call, (*lines)[i], call.parameters, out, true);
    if (done) continue;
    if (done.error().error.code == ErrorCode::cancelled) return tl::unexpected(done.error());
    out.begin_object();
    write_elastic_error(out, done.error());
    out.member("status", static_cast<std::uint64_t>(
                             http_status(done.error().error.code, ErrorShape::elastic)));
    out.end_object();
  }
  out.end_array();
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - began);
  out.member("took", static_cast<std::uint64_t>(took.count()));
  out.end_object();
  return answer(out);
}

Checked<HttpResponse> elastic_count(Context& context, const Call& call) {
  auto search = read_elastic_search(call.request.body, call.parameters, context.now());
  if (!search) return tl::unexpected(search.error());
  limit(context, call, {}, search->request);
  search->request.size = 0;
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  const auto result = query::search(**snapshot, search->request);
  if (!result) return refuse(result.error());
  JsonOut out;
  out.begin_object();
  out.member("count", result->found);
  out.key("_shards");
  out.raw(R"({"total":1,"successful":1,"skipped":0,"failed":0})");
  out.end_object();
  return answer(out);
}

Checked<HttpResponse> elastic_mapping(Context&, const Call&) {
  JsonOut out;
  out.begin_object();
  out.key(kIndex);
  out.begin_object();
  out.key("mappings");
  out.begin_object();
  out.key("properties");
  out.begin_object();
  for (const auto& [name, field] : named_fields()) {
    out.key(name);
    out.begin_object();
    out.member("type", type_name(field->type));
    out.end_object();
  }
  out.end_object();
  out.end_object();
  out.end_object();
  out.end_object();
  return answer(out);
}

Checked<HttpResponse> elastic_field_caps(Context&, const Call& call) {
  const std::string* const asked = call.parameters.find_nonempty("fields");
  const std::string_view patterns = asked == nullptr ? "*" : std::string_view(*asked);
  JsonOut out;
  out.begin_object();
  out.key("indices");
  out.begin_array();
  out.string(kIndex);
  out.end_array();
  out.key("fields");
  out.begin_object();
  for (const auto& [name, field] : named_fields()) {
    if (!is_asked_for(name, patterns)) continue;
    out.key(name);
    write_capabilities(out, *field);
  }
  out.end_object();
  out.end_object();
  return answer(out);
}

}  // namespace trailsift::server
