#include "schema/event_parts.h"

#include <algorithm>
#include <utility>

namespace trailsift {

EventParts::EventParts() : fields_(fields().size(), 0) {}

void EventParts::add(FieldIndex index) {
  const Field& field = field_at(index);
  fields_[index] = 1;
  derived_ = derived_ || field.origin == Origin::derived;
  if (field.origin == Origin::subtree) subtrees_.emplace_back(field.path);
  if (field.origin == Origin::joined) {
    joined_ = true;
    add(field_index(field.join.key));
  }
  if (field.origin != Origin::subtree || !field.path.empty()) return;
  for (const FieldIndex other : joined_fields()) {
    if (field_at(other).join.in_raw) add(other);
  }
}

void EventParts::add_leaf(std::string path) {
  paths_.push_back(std::move(path));
}

bool EventParts::has_leaf(std::string_view path) const {
  const auto holds = [path](std::string_view subtree) {
    return subtree.empty() || (path.starts_with(subtree) &&
                               (path.size() == subtree.size() || path[subtree.size()] == '.'));
  };
  return std::ranges::find(paths_, path) != paths_.end() || std::ranges::any_of(subtrees_, holds);
}

}  // namespace trailsift
