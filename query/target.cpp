#include "query/target.h"

namespace trailsift::query {

const Field* field_of(const Target& target) {
  const auto* const index = std::get_if<FieldIndex>(&target);
  return index == nullptr ? nullptr : &field_at(*index);
}

bool is_event_time(const Target& target) {
  const auto* const index = std::get_if<FieldIndex>(&target);
  return index != nullptr && *index == event_time_field();
}

bool is_of_type(const Target& target, FieldType type) {
  const Field* const field = field_of(target);
  return field != nullptr && field->type == type;
}

bool has_texts(const Target& target) {
  return field_of(target) == nullptr || is_of_type(target, FieldType::keyword) ||
         is_of_type(target, FieldType::ip) || is_of_type(target, FieldType::text);
}

std::string name_of(const Target& target) {
  const Field* const field = field_of(target);
  return field == nullptr ? std::get<LeafPath>(target).path : std::string(field->name);
}

}  // namespace trailsift::query
