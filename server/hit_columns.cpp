#include "server/hit_columns.h"

#include <algorithm>
#include <utility>

#include "query/target.h"
#include "schema/flatten.h"
#include "schema/time.h"
#include "server/answer_parts.h"
#include "server/query_call.h"

namespace trailsift::server {
namespace {

std::vector<HitColumn> every_field() {
  std::vector<HitColumn> columns;
  for (const Field& field : fields()) {
    if (field.origin == Origin::subtree) continue;
    columns.push_back({std::string(field.name), query::Target(index_of(field))});
  }
  return columns;
}

}  // namespace

Checked<std::vector<HitColumn>> read_hit_columns(const CheckedMembers& members) {
  const auto* items = members.items("columns");
  if (items == nullptr) return every_field();
  std::vector<HitColumn> columns;
  for (const RelaxedJson& item : *items) {
    if (item.text == "none" && items->size() == 1) return columns;
    auto target = find_target(item.text, "columns");
    if (!target) return tl::unexpected(target.error());
    // Under each of its many names a field would be told once more, however large it is.
    const auto known = std::ranges::find(columns, *target, &HitColumn::target);
    if (known != columns.end() && known->label == item.text) continue;
    if (known != columns.end()) {
      return refuse(ErrorCode::bad_request,
                    "expected each column once, got '" + known->label + "' and '" + item.text + "'",
                    "columns");
    }
    columns.push_back({item.text, std::move(*target)});
  }
  return columns;
}

query::HitParts parts_for(const std::vector<HitColumn>& columns) {
  query::HitParts parts = query::HitParts::values;
  for (const HitColumn& column : columns) {
    const Field* const field = query::field_of(column.target);
    if (field == nullptr) return query::HitParts::whole;
    if (field->origin == Origin::subtree) parts = query::HitParts::values_and_json;
  }
  return parts;
}

std::vector<std::string> values_of(const Event& event, const HitColumn& column) {
  std::vector<std::string> values;
  const Field* const field = query::field_of(column.target);
  if (field == nullptr) {
    const std::string& path = std::get<query::LeafPath>(column.target).path;
    for (const Leaf& leaf : event.leaves) {
      if (leaf.path == path) values.push_back(leaf.value);
    }
    return values;
  }
  if (field->origin == Origin::subtree) {
    const auto text = field->path.empty() ? event.json : subtree_json(event.json, *field);
    if (text) values.emplace_back(*text);
    return values;
  }
  for (const FieldValue& value : trailsift::values_of(event, index_of(*field))) {
    values.push_back(value.value);
  }
  return values;
}

bool is_list(const HitColumn& column) {
  const Field* const field = query::field_of(column.target);
  return field == nullptr || (field->multi && field->origin != Origin::subtree);
}

Result<void> write_hits(JsonOut& out, std::span<const Event> hits,
                        const std::vector<HitColumn>& columns, std::span<const double> scores) {
  out.key("hits");
  out.begin_array();
  for (std::size_t i = 0; i < hits.size(); ++i) {
    write_hit(out, hits[i], columns, scores.empty() ? std::nullopt : std::optional(scores[i]));
    if (auto fits = check_answer_size(out.size()); !fits) return fits;
  }
  out.end_array();
  return {};
}

void write_hit(JsonOut& out, const Event& event, const std::vector<HitColumn>& columns,
               std::optional<double> score) {
  out.begin_object();
  out.member("id", event.id);
  out.member("time", format_time(event.time));
  if (score) {
    out.key("score");
    out.raw(score_text(*score));
  }
  out.key("fields");
  out.begin_object();
  for (const HitColumn& column : columns) {
    const auto values = values_of(event, column);
    if (values.empty()) continue;
    out.key(column.label);
    if (!is_list(column)) {
      out.string(values.front());
      continue;
    }
    out.begin_array();
    for (const std::string& value : values) out.string(value);
    out.end_array();
  }
  out.end_object();
  out.end_object();
}

void write_facet(JsonOut& out, std::string_view label, const query::FacetResult& facet) {
  out.begin_object();
  out.member("field", label);
  out.key("values");
  out.begin_array();
  for (const query::FacetCount& bucket : facet.buckets) {
    out.begin_object();
    out.member("value", bucket.value);
    out.member("count", bucket.count);
    out.end_object();
  }
  out.end_array();
  out.member("distinct", facet.distinct);
  out.member("missing", facet.missing);
  out.end_object();
}

}  // namespace trailsift::server
