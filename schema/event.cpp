#include "schema/event.h"

#include <algorithm>
#include <utility>

namespace trailsift {

std::span<const FieldValue> values_of(const Event& event, FieldIndex field) {
  return {std::ranges::lower_bound(event.values, field, {}, &FieldValue::field),
          std::ranges::upper_bound(event.values, field, {}, &FieldValue::field)};
}

std::optional<std::string_view> value_of(const Event& event, FieldIndex field) {
  const auto values = values_of(event, field);
  return values.empty() ? std::nullopt : std::optional<std::string_view>(values.front().value);
}

void add_value(Event& event, FieldIndex field, std::string value) {
  if (value.empty()) return;
  const auto begin = std::ranges::lower_bound(event.values, field, {}, &FieldValue::field);
  const auto end = std::ranges::upper_bound(event.values, field, {}, &FieldValue::field);
  if (begin != end && !field_at(field).multi) {
    begin->value = std::move(value);
    return;
  }
  if (std::ranges::find(begin, end, value, &FieldValue::value) != end) return;
  event.values.insert(end, FieldValue{field, std::move(value)});
}

bool in_subtree(const Field& subtree, const Leaf& leaf) {
  if (subtree.path.empty()) return true;  // raw: the whole record.
  const std::string_view path = leaf.path;
  return path.starts_with(subtree.path) &&
         (path.size() == subtree.path.size() || path[subtree.path.size()] == '.');
}

}  // namespace trailsift
