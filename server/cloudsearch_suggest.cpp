#include <utility>

#include "query/deadline.h"
#include "query/search.h"
#include "query/values_beginning.h"
#include "schema/number.h"
#include "server/facet_options.h"
#include "server/json_out.h"
#include "server/routes.h"
#include "server/search_answer.h"
#include "server/search_reading.h"
#include "server/xml_out.h"

namespace trailsift::server {
namespace {

using std::chrono::steady_clock;

constexpr std::uint32_t kMaxSuggestions = 1000;

/// A value, and the newest event that has it.
struct Suggestion {
  std::string value;
  std::string id;
};

struct SuggestAnswer {
  std::string query;
  std::uint64_t found = 0;
  std::vector<Suggestion> suggestions;
};

struct SuggestCall {
  std::string query;
  FieldIndex field;
  std::uint32_t size = 10;
  Dialect dialect = Dialect::json;
  bool pretty = false;
};

Checked<SuggestCall> parse_suggest_call(const Parameters& parameters) {
  SuggestCall call;
  const std::string* q = parameters.find("q");
  if (q == nullptr) return refuse(ErrorCode::bad_request, "Missing required parameter 'q'.", "q");
  call.query = *q;
  const std::string* suggester = parameters.find_nonempty("suggester");
  if (suggester == nullptr) {
    return refuse(ErrorCode::bad_request, "Missing required parameter 'suggester'.", "suggester");
  }
  const auto field = find_column(*suggester, "suggest", "suggester");
  if (!field) return tl::unexpected(field.error());
  call.field = index_of(**field);
  if (const std::string* size = parameters.find_nonempty("size")) {
    const auto number = parse_number<decltype(call.size)>(*size);
    if (!number || *number > kMaxSuggestions) {
      return bad_value("size", "a number from 0 to " + std::to_string(kMaxSuggestions), *size);
    }
    call.size = *number;
  }
  if (const std::string* format = parameters.find_nonempty("format")) {
    const auto dialect = find_dialect(*format);
    if (!dialect) return bad_value("format", "json, sdk or xml", *format);
    call.dialect = *dialect;
  }
  const std::string* pretty = parameters.find_nonempty("pretty");
  call.pretty = pretty != nullptr && *pretty == "true";
  return call;
}

/// The id of the newest event with the value.
Result<std::string> newest_with(const store::Snapshot& snapshot, FieldIndex field,
                                const std::string& value, steady_clock::time_point deadline) {
  query::SearchRequest request;
  request.query.kind =
      query::Between{field, query::Between::Bound{value}, query::Between::Bound{value}};
  request.size = 1;
  request.parts = query::HitParts::values;
  request.limits.end = deadline;
  const auto result = query::search(snapshot, request);
  if (!result) return tl::unexpected(result.error());
  return result->hits.empty() ? std::string() : result->hits.front().id;
}

Result<SuggestAnswer> suggestions_for(const SuggestCall& call, const store::Snapshot& snapshot,
                                      steady_clock::time_point deadline) {
  SuggestAnswer answer{call.query, 0, {}};
  if (call.query.empty()) return answer;
  auto values = query::values_beginning(snapshot, call.field, call.query, call.size,
                                        query::Deadline(deadline));
  if (!values) return tl::unexpected(values.error());
  answer.found = values->found;
  for (std::string& value : values->values) {
    auto id = newest_with(snapshot, call.field, value, deadline);
    if (!id) return tl::unexpected(id.error());
    answer.suggestions.push_back({std::move(value), std::move(*id)});
  }
  return answer;
}

std::string to_json(const SuggestCall& call, const SuggestAnswer& answer, std::string_view rid,
                    std::uint64_t took) {
  JsonOut out(call.pretty);
  out.begin_object();
  out.key("status");
  out.begin_object();
  out.member("rid", rid);
  out.member(call.dialect == Dialect::sdk ? "timems" : "time-ms", took);
  out.end_object();
  out.key("suggest");
  out.begin_object();
  out.member("query", answer.query);
  out.member("found", answer.found);
  out.key("suggestions");
  out.begin_array();
  for (const auto& [value, id] : answer.suggestions) {
    out.begin_object();
    out.member("suggestion", value);
    out.member("score", std::uint64_t{0});
    out.member("id", id);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  out.end_object();
  return out.text();
}

std::string to_xml(const SuggestCall& call, const SuggestAnswer& answer, std::string_view rid,
                   std::uint64_t took) {
  XmlOut out(call.pretty);
  out.begin("results");
  out.begin("status");
  out.attribute("rid", rid);
  out.attribute("time-ms", took);
  out.end();
  out.begin("suggest");
  out.attribute("query", answer.query);
  out.attribute("found", answer.found);
  out.begin("suggestions");
  for (const auto& [value, id] : answer.suggestions) {
    out.begin("item");
    out.attribute("suggestion", value);
    out.attribute("score", std::uint64_t{0});
    out.attribute("id", id);
    out.end();
  }
  out.end();
  out.end();
  out.end();
  return out.take();
}

}  // namespace

Checked<HttpResponse> suggest_values(Context& context, const Call& call) {
  const auto began = steady_clock::now();
  const auto asked = parse_suggest_call(call.parameters);
  if (!asked) return tl::unexpected(asked.error());
  const auto snapshot = context.reader.snapshot();
  if (!snapshot) return refuse(snapshot.error());
  const auto answer = suggestions_for(*asked, **snapshot, began + context.query_timeout);
  if (!answer) return refuse(answer.error(), "suggester");
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
  const auto time = static_cast<std::uint64_t>(took.count());
  return HttpResponse{200,
                      std::string(content_type_of(asked->dialect)),
                      asked->dialect == Dialect::xml
                          ? to_xml(*asked, *answer, call.request_id, time)
                          : to_json(*asked, *answer, call.request_id, time),
                      {}};
}

}  // namespace trailsift::server
