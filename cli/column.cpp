#include "cli/column.h"

#include <algorithm>
#include <array>
#include <utility>

#include "schema/flatten.h"

namespace trailsift::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

Result<Column> read_column(std::string_view name, std::string_view option) {
  if (find_field(name) == nullptr && is_leaf_path(name)) {
    return Column{std::string(name), std::nullopt};
  }
  const auto field = read_field(name, option);
  if (!field) return tl::unexpected(field.error());
  return Column{std::string(field_at(*field).name), *field};
}

}  // namespace

Result<FieldIndex> read_field(std::string_view name, std::string_view option) {
  if (const Field* field = find_field(name); field != nullptr) return index_of(*field);
  std::string message = "unknown field '" + std::string(name) + "' in " + std::string(option);
  const auto similar = similar_fields(name);
  for (std::size_t i = 0; i < similar.size(); ++i) {
    message.append(i == 0 ? ", did you mean '" : i + 1 < similar.size() ? "', '" : "' or '");
    message.append(similar[i]);
  }
  if (!similar.empty()) message += "'?";
  return fail(ErrorCode::bad_request, std::move(message));
}

Result<std::vector<Column>> read_columns(std::string_view list, std::string_view option) {
  std::vector<Column> columns;
  while (true) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view name = trimmed(list.substr(0, comma));
    if (name.empty()) {
      return fail(ErrorCode::bad_request,
                  "expected field names between the commas of " + std::string(option));
    }
    auto column = read_column(name, option);
    if (!column) return tl::unexpected(column.error());
    if (std::ranges::find(columns, column->name, &Column::name) == columns.end()) {
      columns.push_back(std::move(*column));
    }
    if (comma == list.size()) return columns;
    list.remove_prefix(comma + 1);
  }
}

std::vector<std::string> values_of(const Event& event, const Column& column) {
  std::vector<std::string> values;
  if (!column.field) {
    for (const Leaf& leaf : event.leaves) {
      if (leaf.path == column.name) values.push_back(leaf.value);
    }
    return values;
  }
  const Field& field = field_at(*column.field);
  if (field.origin == Origin::subtree) {
    const auto json = field.path.empty() ? std::optional<std::string_view>(event.json)
                                         : subtree_json(event.json, field);
    if (json) values.emplace_back(*json);
    return values;
  }
  for (const FieldValue& value : trailsift::values_of(event, *column.field)) {
    values.push_back(value.value);
  }
  return values;
}

std::string cell_of(const Event& event, const Column& column) {
  std::string cell;
  for (const std::string& value : values_of(event, column)) {
    if (!cell.empty()) cell += "; ";
    cell += value;
  }
  return cell;
}

std::vector<Column> default_columns() {
  constexpr std::array<std::string_view, 7> kNames = {
      "event_time",        "actor",     "event_name", "event_source", "aws_region",
      "source_ip_address", "error_code"};
  std::vector<Column> columns;
  columns.reserve(kNames.size());
  for (const std::string_view name : kNames) {
    columns.push_back({std::string(name), field_index(name)});
  }
  return columns;
}

std::vector<Column> all_columns() {
  std::vector<Column> columns;
  for (const Field& field : fields()) {
    const bool whole_record = field.origin == Origin::subtree && field.path.empty();
    if (!whole_record) columns.push_back({std::string(field.name), index_of(field)});
  }
  return columns;
}

}  // namespace trailsift::cli
