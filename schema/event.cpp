#include "schema/event.h"

#include <algorithm>
#include <utility>

namespace trailsift {

std::span<const FieldValue> values_of(const Event& event, FieldIndex field) {
  const auto range = std::ranges::equal_range(event.values, field, {}, &FieldValue::field);
  return {range.begin(), range.end()};
}

std::optional<std::string_view> value_of(const Event& event, FieldIndex field) {
  const auto values = values_of(event, field);
  return values.empty() ? std::nullopt : std::optional<std::string_view>(values.front().value);
}

void add_value(Event& event, FieldIndex field, std::string value) {
  if (value.empty()) return;
  const auto range = std::ranges::equal_range(event.values, field, {}, &FieldValue::field);
  if (!range.empty() && !field_at(field).multi) {
    range.begin()->value = std::move(value);
    return;
  }
  if (std::ranges::find(range, value, &FieldValue::value) != range.end()) return;
  event.values.insert(range.end(), FieldValue{field, std::move(value)});
}

bool in_subtree(const Field& subtree, const Leaf& leaf) {
  if (subtree.path.empty()) return true;  // raw: the whole record.
  const std::string_view path = leaf.path;
  return path.starts_with(subtree.path) &&
         (path.size() == subtree.path.size() || path[subtree.path.size()] == '.');
}

}  // namespace trailsift
