#include "server/search_answer.h"

#include "server/answer_parts.h"
#include "server/json_out.h"

namespace trailsift::server {
namespace {

void write_field(JsonOut& out, const ReturnedField& returned, const Event& event, Dialect dialect) {
  const auto values = shown_values(returned, event);
  if (values.empty()) return;
  // AWS clients take a bare string apart.
  const Field& field = field_at(returned.field);
  const bool several = field.multi && field.origin != Origin::subtree;
  const bool array = dialect == Dialect::sdk || several;
  out.key(returned.label);
  if (array) out.begin_array();
  for (const std::string_view value : values) out.string(value);
  if (array) out.end_array();
}

void write_expressions(JsonOut& out, const SearchCall& call, const Event& event, double score) {
  // The model of the SDKs has no better place for a score, so there it stands in both.
  const bool with_score = call.with_score && call.dialect == Dialect::sdk;
  if (call.returned_expressions.empty() && !with_score) return;
  out.key("exprs");
  out.begin_object();
  for (const auto& [name, value] : expressions_of(call, event, score)) out.member(name, value);
  if (with_score) out.member("_score", score_text(score));
  out.end_object();
}

void write_score(JsonOut& out, const SearchCall& call, double score) {
  if (!call.with_score) return;
  out.key("_score");
  const bool array = call.dialect == Dialect::sdk;
  if (array) out.begin_array();
  out.string(score_text(score));
  if (array) out.end_array();
}

void write_excerpts(JsonOut& out, const SearchCall& call, const Event& event) {
  if (call.highlights.empty()) return;
  out.key("highlights");
  out.begin_object();
  for (const auto& [field, excerpt] : excerpts_of(call, event)) out.member(field, excerpt);
  out.end_object();
}

void write_hit(JsonOut& out, const SearchCall& call, const Event& event, double score) {
  out.begin_object();
  out.member("id", event.id);
  if (call.with_fields) {
    out.key("fields");
    out.begin_object();
    for (const ReturnedField& field : call.returned) write_field(out, field, event, call.dialect);
    write_score(out, call, score);
    out.end_object();
  }
  write_expressions(out, call, event, score);
  write_excerpts(out, call, event);
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
  for (std::size_t i = 0; i < result.hits.size(); ++i) {
    write_hit(out, call, result.hits[i], result.scores.empty() ? 0 : result.scores[i]);
    if (auto fits = check_answer_size(out.size()); !fits) return fits;
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

void write_figure(JsonOut& out, const StatsFigure& figure) {
  out.key(figure.name);
  switch (figure.kind) {
    case StatsFigure::Kind::text: out.string(figure.text); break;
    case StatsFigure::Kind::count: out.number(figure.count); break;
    case StatsFigure::Kind::real: out.real(figure.real); break;
  }
}

void write_stats(JsonOut& out, const SearchCall& call, const query::SearchResult& result) {
  if (result.stats.empty()) return;
  out.key("stats");
  out.begin_object();
  for (std::size_t i = 0; i < result.stats.size(); ++i) {
    out.key(call.stats_labels.at(i));
    out.begin_object();
    for (const StatsFigure& figure : figures_of(result.stats[i])) write_figure(out, figure);
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

std::string_view content_type_of(Dialect dialect) {
  return dialect == Dialect::xml ? "application/xml" : "application/json";
}

Result<std::string> to_json(const SearchCall& call, const query::SearchResult& result,
                            std::string_view request_id, std::chrono::milliseconds took) {
  JsonOut out(call.pretty);
  out.begin_object();
  out.key("status");
  out.begin_object();
  out.member("rid", request_id);
  out.member(call.dialect == Dialect::sdk ? "timems" : "time-ms",
             static_cast<std::uint64_t>(took.count()));
  if (result.partial) out.member("percent-searched", percent_of(*result.partial));
  out.end_object();
  if (auto ok = write_hits(out, call, result); !ok) return tl::unexpected(ok.error());
  write_facets(out, call, result);
  write_stats(out, call, result);
  write_histogram(out, result);
  out.end_object();
  return out.text();
}

}  // namespace trailsift::server
