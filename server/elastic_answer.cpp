#include <chrono>
#include <string>
#include <utility>

#include "server/elastic_search.h"
#include "server/search_answer.h"

namespace trailsift::server {
namespace {

std::string epoch_text(Timestamp time) {
  return std::to_string(time.time_since_epoch().count());
}

bool is_time(const query::Target& target) {
  const auto* const field = std::get_if<FieldIndex>(&target);
  return field != nullptr && field_at(*field).type == FieldType::time;
}

/// A value with the type that its field has in JSON.
void write_typed(JsonOut& out, const query::Target& target, const std::string& value, bool epoch) {
  const auto* const field = std::get_if<FieldIndex>(&target);
  const FieldType type = field == nullptr ? FieldType::keyword : field_at(*field).type;
  if (type == FieldType::integer || type == FieldType::boolean) return out.raw(value);
  if (epoch && is_time(target)) {
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

void write_sort(JsonOut& out, const Event& event, const ElasticSearch& search) {
  if (search.sort.empty()) return;
  out.key("sort");
  out.begin_array();
  for (const ElasticSortKey& key : search.sort) {
    if (!key.field) {
      out.string(event.id);
      continue;
    }
    const auto value = value_of(event, *key.field);
    if (!value) {
      out.raw("null");
    } else if (is_time(*key.field)) {
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
    out.member("relation", "eq");
    out.end_object();
  }
  out.key("max_score");
  out.raw("null");
  out.key("hits");
  out.begin_array();
  for (const Event& event : result.hits) {
    if (out.size() > kMaxAnswerBytes) {
      return refuse(ErrorCode::too_large, "the answer is larger than " +
                                              std::to_string(kMaxAnswerBytes) +
                                              " bytes: ask for fewer hits");
    }
    out.begin_object();
    out.member("_index", "trailsift");
    out.member("_id", event.id);
    out.key("_score");
    out.raw("null");
    if (search.with_source) {
      out.key("_source");
      out.raw(event.json);
    }
    write_fields(out, event, search);
    write_sort(out, event, search);
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
  if (auto ok = aggregator.write(aggregations, search.aggregations); !ok) return ok;
  aggregations.end_object();
  JsonOut answer;
  answer.begin_object();
  const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
  answer.member("took", static_cast<std::uint64_t>(took.count()));
  answer.key("timed_out");
  answer.boolean(false);
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
