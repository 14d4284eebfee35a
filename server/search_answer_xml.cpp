#include "server/answer_parts.h"
#include "server/search_answer.h"
#include "server/xml_out.h"

namespace trailsift::server {
namespace {

void write_hit(XmlOut& out, const SearchCall& call, const Event& event, double score) {
  out.begin("hit");
  out.attribute("id", event.id);
  const auto write = [&](std::string_view element, std::string_view name, std::string_view text) {
    out.begin(element);
    out.attribute("name", name);
    out.text(text);
    out.end();
  };
  if (call.with_fields) {
    for (const ReturnedField& field : call.returned) {
      for (const auto value : shown_values(field, event)) write("field", field.label, value);
    }
    if (call.with_score) write("field", "_score", score_text(score));
  }
  for (const auto& [name, value] : expressions_of(call, event, score)) write("expr", name, value);
  for (const auto& [field, excerpt] : excerpts_of(call, event)) write("highlight", field, excerpt);
  out.end();
}

Result<void> write_hits(XmlOut& out, const SearchCall& call, const query::SearchResult& result) {
  out.begin("hits");
  out.attribute("found", result.found);
  out.attribute("start", call.request.start);
  if (result.cursor) out.attribute("cursor", *result.cursor);
  for (std::size_t i = 0; i < result.hits.size(); ++i) {
    write_hit(out, call, result.hits[i], result.scores.empty() ? 0 : result.scores[i]);
    if (auto fits = check_answer_size(out.size()); !fits) return fits;
  }
  out.end();
  return {};
}

void write_bucket(XmlOut& out, std::string_view value, std::uint64_t count) {
  out.begin("bucket");
  out.attribute("value", value);
  out.attribute("count", count);
  out.end();
}

void write_facets(XmlOut& out, const SearchCall& call, const query::SearchResult& result) {
  if (result.facets.empty()) return;
  out.begin("facets");
  for (std::size_t i = 0; i < result.facets.size(); ++i) {
    out.begin("facet");
    out.attribute("name", call.facet_labels.at(i));
    for (const auto& bucket : result.facets[i].buckets) {
      write_bucket(out, bucket.value, bucket.count);
    }
    out.end();
  }
  out.end();
}

std::string figure_text(const StatsFigure& figure) {
  switch (figure.kind) {
    case StatsFigure::Kind::text: return figure.text;
    case StatsFigure::Kind::count: return std::to_string(figure.count);
    case StatsFigure::Kind::real: return text_of(figure.real);
  }
  return {};
}

void write_stats(XmlOut& out, const SearchCall& call, const query::SearchResult& result) {
  if (result.stats.empty()) return;
  out.begin("stats");
  for (std::size_t i = 0; i < result.stats.size(); ++i) {
    out.begin("facet");
    out.attribute("name", call.stats_labels.at(i));
    for (const StatsFigure& figure : figures_of(result.stats[i])) {
      out.attribute(figure.name, figure_text(figure));
    }
    out.end();
  }
  out.end();
}

void write_histogram(XmlOut& out, const query::SearchResult& result) {
  if (!result.histogram) return;
  out.begin("histogram");
  out.attribute("interval-ms", static_cast<std::uint64_t>(result.histogram->interval.count()));
  for (const auto& bucket : result.histogram->buckets) {
    write_bucket(out, format_time(bucket.begin), bucket.count);
  }
  out.end();
}

}  // namespace

Result<std::string> to_xml(const SearchCall& call, const query::SearchResult& result,
                           std::string_view request_id, std::chrono::milliseconds took) {
  XmlOut out(call.pretty);
  out.begin("results");
  out.begin("status");
  out.attribute("rid", request_id);
  out.attribute("time-ms", static_cast<std::uint64_t>(took.count()));
  if (result.partial) out.attribute("percent-searched", percent_of(*result.partial));
  out.end();
  if (auto ok = write_hits(out, call, result); !ok) return tl::unexpected(ok.error());
  write_facets(out, call, result);
  write_stats(out, call, result);
  write_histogram(out, result);
  out.end();
  return out.take();
}

}  // namespace trailsift::server
