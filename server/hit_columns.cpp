#include "server/hit_columns.h"

#include <algorithm>
#include <utility>

#include "schema/flatten.h"
#include "schema/time.h"
#include "server/query_call.h"

namespace trailsift::server {
namespace {

const Field* field_of(const HitColumn& column) {
  const auto* index = std::get_if<FieldIndex>(&column.target);
  return index == nullptr ? nullptr : &field_at(*index);
}

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
    if (std::ranges::count(columns, item.text, &HitColumn::label) != 0) continue;
    auto target = find_target(item.text, "columns");
    if (!target) return tl::unexpected(target.error());
    columns.push_back({item.text, std::move(*target)});
  }
  return columns;
}

query::HitParts parts_for(const std::vector<HitColumn>& columns) {
  query::HitParts parts = query::HitParts::values;
  for (const HitColumn& column : columns) {
    const Field* const field = field_of(column);
    if (field == nullptr) return query::HitParts::whole;
    if (field->origin == Origin::subtree) parts = query::HitParts::values_and_json;
  }
  return parts;
}

std::vector<std::string> values_of(const Event& event, const HitColumn& column) {
  std::vector<std::string> values;
  const Field* const field = field_of(column);
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
  const Field* const field = field_of(column);
  return field == nullptr || (field->multi && field->origin != Origin::subtree);
}

void write_hit(JsonOut& out, const Event& event, const std::vector<HitColumn>& columns) {
  out.begin_object();
  out.member("id", event.id);
  out.member("time", format_time(event.time));
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

}  // namespace trailsift::server
