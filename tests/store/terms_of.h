#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "schema/event.h"
#include "schema/flatten.h"
#include "schema/words.h"
#include "store/terms.h"

namespace trailsift::store {

/// Whether a field that is no text holds the very value of the leaf.
inline bool stands_in_field(const Event& event, const Leaf& leaf) {
  static const FieldIndex kEventTime = field_index("event_time");
  const auto field = field_of_path(leaf.path);
  if (!field || field_at(*field).type == FieldType::text) return false;
  if (*field == kEventTime) return leaf.value == format_time(event.time);
  const auto values = values_of(event, *field);
  return std::ranges::find(values, leaf.value, &FieldValue::value) != values.end();
}

/// All terms that docs/format.md demands of an event, sorted, none twice.
inline std::vector<std::string> terms_of(const Event& event) {
  std::vector<std::string> terms;
  for (const auto& [field, value] : event.values) {
    if (has_exact_terms(field_at(field))) terms.push_back(exact_term(field_at(field), value));
  }
  for (const Leaf& leaf : event.leaves) {
    if (!stands_in_field(event, leaf)) terms.push_back(leaf_term(leaf.path, leaf.value));
    for (const auto& piece : pieces_of(leaf.value)) terms.push_back(piece_term(piece));
    for_each_identifier(leaf.value, [&](std::string_view identifier) {
      const Pieces pieces = pieces_of(identifier);
      if (pieces.size() >= 2) terms.push_back(identifier_term(pieces));
    });
  }
  std::ranges::sort(terms);
  terms.erase(std::unique(terms.begin(), terms.end()), terms.end());
  return terms;
}

}  // namespace trailsift::store
