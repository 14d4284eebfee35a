#include "cli/server_answers.h"

#include <algorithm>
#include <utility>

#include "schema/flatten.h"

namespace trailsift::cli {
namespace {

constexpr std::string_view kRecord = "raw";

/// Adds what a hit tells of one field, or of a leaf.
Result<void> add_column(const std::string& name, const Json& told, Event& event) {
  const Field* const field = find_field(name);
  const auto add = [&](const Json& value) -> Result<void> {
    if (!value.IsString()) return bad_answer("texts for " + name);
    if (field == nullptr) {
      // The record, where it came, has them all.
      if (event.json.empty()) event.leaves.push_back({name, text_of(value)});
      return {};
    }
    auto canonical = canonical_value(field->type, text_of(value));
    if (!canonical) return bad_answer("a value of " + name);
    add_value(event, index_of(*field), std::move(*canonical));
    return {};
  };
  if (!told.IsArray()) return add(told);
  for (const Json& value : told.GetArray()) {
    if (auto ok = add(value); !ok) return ok;
  }
  return {};
}

Result<query::FacetCount> count_of(const Json& told) {
  Members members(told, "a value");
  query::FacetCount bucket{members.text("value"), members.number("count")};
  return members.result(std::move(bucket));
}

Result<std::uint64_t> number_of(const Json& told) {
  if (!told.IsUint64()) return bad_answer("numbers for the counts");
  return told.GetUint64();
}

/// As many counts as there are buckets.
std::vector<std::uint64_t> counts_of(Members& members, const char* name, std::size_t buckets) {
  auto counts = members.rows(name, number_of);
  if (counts.size() != buckets) members.refuse(bad_answer("a count for each bucket"));
  return counts;
}

Result<void> add_split(const Json& told, query::HistogramResult& histogram) {
  const std::size_t buckets = histogram.buckets.size();
  Members members(told, "split");
  histogram.series = members.rows("series", [&](const Json& one) {
    Members series(one, "a series");
    query::HistogramResult::Series read{series.text("value"), counts_of(series, "counts", buckets)};
    return series.result(std::move(read));
  });
  histogram.others = counts_of(members, "others", buckets);
  histogram.missing = counts_of(members, "missing", buckets);
  return members.result();
}

Result<query::HistogramResult> histogram_of(const Json& told) {
  Members members(told, "histogram");
  query::HistogramResult histogram;
  constexpr std::uint64_t kMost = std::uint64_t{1} << 53U;
  const std::uint64_t interval = members.number("interval_ms");
  if (interval == 0 || interval > kMost) {
    members.refuse(bad_answer("a width for interval_ms"));
  }
  histogram.interval = std::chrono::milliseconds(static_cast<std::int64_t>(interval));
  histogram.buckets = members.rows("buckets", [](const Json& one) {
    Members bucket(one, "a bucket");
    query::HistogramResult::Bucket read{bucket.time("time"), bucket.number("count")};
    return bucket.result(read);
  });
  if (const Json* const split = members.find("split")) {
    members.check(add_split(*split, histogram));
  }
  return members.result(std::move(histogram));
}

void read_facets(Members& members, std::span<const FieldIndex> fields,
                 query::SearchResult& result) {
  if (fields.empty()) return;
  result.facets = members.rows("facets", facet_of);
  const bool asked_for = std::ranges::equal(result.facets, fields, {}, &query::FacetResult::field);
  if (!asked_for) members.refuse(bad_answer("the facets that were asked for"));
}

/// Nesting beyond this is no query's.
constexpr std::size_t kMaxClauseDepth = 1000;

Result<void> add_clause(const Json& told, std::size_t depth, ExplainedQuery& explained) {
  if (depth > kMaxClauseDepth) return bad_answer("a clause of fewer parts inside each other");
  Members clause(told, "a clause");
  std::string text = clause.text("kind");
  if (text == "condition") text = clause.text(clause.find("text") ? "text" : "meaning");
  explained.clauses.push_back(
      {depth, std::move(text), clause.number_if("hits"), clause.number_if("without")});
  if (auto good = clause.result(); !good) return good;
  if (clause.find("clauses") == nullptr) return {};
  for (const Json& part : clause.array("clauses").GetArray()) {
    if (auto ok = add_clause(part, depth + 1, explained); !ok) return ok;
  }
  return {};
}

}  // namespace

Result<Event> hit_of(const Json& told) {
  Members hit(told, "a hit");
  std::string id = hit.text("id");
  const Timestamp time = hit.time("time");
  const Json& columns = hit.object("fields");
  Event event;
  if (const Json* const record = Members(columns, "fields").find(kRecord.data())) {
    if (!record->IsString()) return bad_answer("a text for raw");
    auto flat = flatten(text_of(*record));
    if (!flat) return bad_answer("a record for raw");
    event = std::move(*flat);
  }
  event.id = std::move(id);
  event.time = time;
  for (const auto& [name, value] : columns.GetObject()) {
    const std::string column = text_of(name);
    if (column == kRecord) continue;
    hit.check(add_column(column, value, event));
  }
  return hit.result(std::move(event));
}

Result<query::FacetResult> facet_of(const Json& told) {
  Members members(told, "a facet");
  query::FacetResult facet{};
  const Field* const field = find_field(members.text("field"));
  if (field != nullptr) facet.field = index_of(*field);
  if (field == nullptr) members.refuse(bad_answer("a known field for a facet"));
  facet.distinct = members.number("distinct");
  facet.missing = members.number("missing");
  facet.buckets = members.rows("values", count_of);
  return members.result(std::move(facet));
}

Result<query::SearchResult> read_search_answer(std::string_view json,
                                               std::span<const FieldIndex> fields) {
  const auto answer = parse_answer(json);
  if (!answer) return tl::unexpected(answer.error());
  Members members(*answer, "the answer");
  query::SearchResult result;
  result.found = members.number("total");
  result.hits = members.rows("hits", hit_of);
  read_facets(members, fields, result);
  if (const Json* const told = members.find("histogram")) {
    auto histogram = histogram_of(*told);
    if (histogram) result.histogram = std::move(*histogram);
    if (!histogram) members.refuse(tl::unexpected(histogram.error()));
  }
  if (members.find("cursor") != nullptr) result.cursor = members.text("cursor");
  return members.result(std::move(result));
}

Result<Event> read_hit(std::string_view json) {
  const auto hit = parse_answer(json);
  if (!hit) return tl::unexpected(hit.error());
  return hit_of(*hit);
}

Result<ExplainedQuery> read_explain_answer(std::string_view json) {
  const auto answer = parse_answer(json);
  if (!answer) return tl::unexpected(answer.error());
  Members members(*answer, "the answer");
  const std::uint64_t total = members.number("total");
  ExplainedQuery explained{{}, total, total};
  const Json& clauses = members.array("clauses");
  if (clauses.Empty()) members.refuse(bad_answer("a clause"));
  if (!clauses.Empty()) members.check(add_clause(clauses[0], 0, explained));
  if (const Json* const time = members.find("time")) {
    Members parts(*time, "time");
    explained.any_time = parts.number("without");
    members.check(parts.result());
  }
  return members.result(std::move(explained));
}

std::vector<std::string> wire_columns(const std::vector<Column>& columns) {
  const auto is_subtree = [](const Column& column) {
    return column.field && field_at(*column.field).origin == Origin::subtree;
  };
  const bool whole = std::ranges::any_of(columns, is_subtree);
  std::vector<std::string> names;
  if (whole) names.emplace_back(kRecord);
  for (const Column& column : columns) {
    const Origin origin = column.field ? field_at(*column.field).origin : Origin::record;
    const bool in_record = origin != Origin::delivery && origin != Origin::joined;
    if (!whole || !in_record) names.push_back(column.name);
  }
  if (names.empty()) names.emplace_back("none");
  return names;
}

std::string joined_names(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list.append(list.empty() ? "" : ",").append(name);
  return list;
}

}  // namespace trailsift::cli
