#include <chrono>
#include <string>
#include <utility>

#include "query/target.h"
#include "server/answer_parts.h"
#include "server/elastic_search.h"

namespace trailsift::server {
namespace {

std::string epoch_text(Timestamp time) {
  return std::to_string(time.time_since_epoch().count());
}

/// A value with the type that its field has in JSON.
void write_typed(JsonOut& out, const query::Target& target, const std::string& value, bool epoch) {
  using query::is_of_type;
  if (is_of_type(target, FieldType::integer) || is_of_type(target, FieldType::boolean)) {
    return out.raw(value);
  }
  if (epoch && is_of_type(target, FieldType::time)) {
    if (const auto time = parse_time(value)) return out.string(epoch_text(*time));
  }
  out.string(value);
}

void write_fields(JsonOut& out, const Event& event, const ElasticSearch& search) {
  if (search.fields.empty()) return;
  out.key("fields");
  out.begin_object();
  for (const auto& [column, epoch] : search.fields) {
    const auto values = values_of(event, column);
    if (values.empty()) continue;
    out.key(column.label);
    out.begin_array();
    for (const std::string& value : values) write_typed(out, column.target, value, epoch);
    out.end_array();
  }
  out.end_object();
}

void write_score(JsonOut& out, const ElasticSearch& search, double score) {
  search.with_score ? out.real(score) : out.raw("null");
}

void write_sort(JsonOut& out, const Event& event, const ElasticSearch& search, double score) {
  if (search.sort.empty()) return;
  out.key("sort");
  out.begin_array();
  for (const ElasticSortKey& key : search.sort) {
    if (key.score) {
      out.real(score);
      continue;
    }
    if (!key.field) {
      out.string(event.id);
      continue;
    }
    const auto value = value_of(event, *key.field);
    if (!value) {
      out.raw("null");
    } else if (query::is_of_type(*key.field, FieldType::time)) {
      const auto time = parse_time(*value);
      out.raw(time ? epoch_text(*time) : "null");
    } else {
      write_typed(out, *key.field, std::string(*value), false);
    }
  }
  out.end_array();
}

Checked<void> write_hits(JsonOut& out, const ElasticSearch& search,
                         const query::SearchResult& result) {
  out.key("hits");
  out.begin_object();
  out.key("total");
  if (search.total_as_number) {
    out.number(result.found);
  } else {
    out.begin_object();
    out.member("value", result.found);
    out.member("relation", result.partial ? "gte" : "eq");
    out.end_object();
  }
  out.key("max_score");
  // The greatest of all is known where the hits are in that order.
  const bool greatest = !result.hits.empty() && !search.sort.empty() && search.sort[0].score &&
                        search.sort[0].descending && search.request.start == 0 &&
                        !search.request.cursor;
  greatest ? out.real(result.scores.front()) : out.raw("null");
  out.key("hits");
  out.begin_array();
  for (std::size_t i = 0; i < result.hits.size(); ++i) {
    const Event& event = result.hits[i];
    const double score = result.scores.empty() ? 0 : result.scores[i];
    if (auto fits = check_answer_size(out.size()); !fits) return refuse(fits.error());
    out.begin_object();
    out.member("_index", "trailsift");
    out.member("_id", event.id);
    out.key("_score");
    write_score(out, search, score);
    if (search.with_source) {
      out.key("_source");
      out.raw(event.json);
    }
    write_fields(out, event, search);
    write_sort(out, event, search, score);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return {};
}

}  // namespace

Checked<void> answer_elastic_search(JsonOut& out, const store::Snapshot& snapshot,
                                    const ElasticSearch& search, bool status) {
  using std::chrono::steady_clock;
  const auto began = steady_clock::now();
  const auto result = query::search(snapshot, search.request);
  if (!result) return refuse(result.error());
  // Apart, so that nothing of an answer is written that ends in an error.
  JsonOut aggregations;
  aggregations.begin_object();
  ElasticAggregator aggregator(snapshot, search.request);
  if (auto ok = aggregator.write(aggregations, search.aggregations, *result); !ok) return ok;
  aggregations.end_object();
  JsonOut answer;
  answer.begin_object();
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
  answer.member("took", static_cast<std::uint64_t>(took.count()));
  answer.key("timed_out");
  answer.boolean(result->partial.has_value());
  answer.key("_shards");
  answer.raw(R"({"total":1,"successful":1,"skipped":0,"failed":0})");
  if (auto ok = write_hits(answer, search, *result); !ok) return ok;
  if (!search.aggregations.empty()) {
    answer.key("aggregations");
    answer.raw(aggregations.text());
  }
  if (status) answer.member("status", std::uint64_t{200});
  answer.end_object();
  out.raw(answer.text());
  return {};
}

}  // namespace trailsift::server
