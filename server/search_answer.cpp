#include "server/search_answer.h"

#include "schema/flatten.h"
#include "server/json_out.h"

namespace trailsift::server {
namespace {

void write_value(JsonOut& out, const ReturnedField& field, std::string_view value,
                 Dialect dialect) {
  const bool array = dialect == Dialect::sdk;  // AWS clients take a bare string apart.
  out.key(field.label);
  if (array) out.begin_array();
  out.string(value);
  if (array) out.end_array();
}

void write_multi(JsonOut& out, const ReturnedField& field, std::span<const FieldValue> values) {
  out.key(field.label);
  out.begin_array();
  for (const FieldValue& value : values) out.string(value.value);
  out.end_array();
}

void write_field(JsonOut& out, const ReturnedField& returned, const Event& event, Dialect dialect) {
  const Field& field = field_at(returned.field);
  if (field.origin == Origin::subtree) {
    const auto text = field.path.empty() ? event.json : subtree_json(event.json, field);
    if (text) write_value(out, returned, *text, dialect);
    return;
  }
  const auto values = values_of(event, returned.field);
  if (values.empty()) return;
  if (field.multi) {
    write_multi(out, returned, values);
  } else {
    write_value(out, returned, values.front().value, dialect);
  }
}

void write_hit(JsonOut& out, const SearchCall& call, const Event& event) {
  out.begin_object();
  out.member("id", event.id);
  if (call.with_fields) {
    out.key("fields");
    out.begin_object();
    for (const ReturnedField& field : call.returned) write_field(out, field, event, call.dialect);
    out.end_object();
  }
  out.end_object();
}

Result<void> write_hits(JsonOut& out, const SearchCall& call, const query::SearchResult& result) {
  out.key("hits");
  out.begin_object();
  out.member("found", result.found);
  out.member("start", call.request.start);
  if (result.cursor) out.member("cursor", *result.cursor);
  out.key("hit");
  out.begin_array();
  for (const Event& event : result.hits) {
    write_hit(out, call, event);
    if (out.size() > kMaxAnswerBytes) {
      return fail(ErrorCode::too_large, "the answer passes the limit of " +
                                            std::to_string(kMaxAnswerBytes) +
                                            " bytes: ask for fewer hits or fields");
    }
  }
  out.end_array();
  out.end_object();
  return {};
}

void write_facets(JsonOut& out, const SearchCall& call, const query::SearchResult& result) {
  if (result.facets.empty()) return;
  out.key("facets");
  out.begin_object();
  for (std::size_t i = 0; i < result.facets.size(); ++i) {
    out.key(call.facet_labels.at(i));
    out.begin_object();
    out.key("buckets");
    out.begin_array();
    for (const query::FacetCount& bucket : result.facets[i].buckets) {
      out.begin_object();
      out.member("value", bucket.value);
      out.member("count", bucket.count);
      out.end_object();
    }
    out.end_array();
    out.end_object();
  }
  out.end_object();
}

void write_histogram(JsonOut& out, const query::SearchResult& result) {
  if (!result.histogram) return;
  out.key("histogram");
  out.begin_object();
  out.member("interval-ms", static_cast<std::uint64_t>(result.histogram->interval.count()));
  out.key("buckets");
  out.begin_array();
  for (const auto& bucket : result.histogram->buckets) {
    out.begin_object();
    out.member("value", format_time(bucket.begin));
    out.member("count", bucket.count);
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

}  // namespace

Result<std::string> to_json(const SearchCall& call, const query::SearchResult& result,
                            std::string_view request_id, std::chrono::milliseconds took) {
  JsonOut out(call.pretty);
  out.begin_object();
  out.key("status");
  out.begin_object();
  out.member("rid", request_id);
  out.member(call.dialect == Dialect::sdk ? "timems" : "time-ms",
             static_cast<std::uint64_t>(took.count()));
  out.end_object();
  if (auto ok = write_hits(out, call, result); !ok) return tl::unexpected(ok.error());
  write_facets(out, call, result);
  write_histogram(out, result);
  out.end_object();
  return out.text();
}

}  // namespace trailsift::server
