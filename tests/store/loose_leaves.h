#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "schema/event.h"
#include "schema/flatten.h"
#include "schema/uuid.h"
#include "schema/words.h"
#include "store/terms.h"

namespace trailsift::store {

/// The terms that docs/format.md allows a loose leaf.
struct LooseLeaf {
  std::set<std::string> words;        ///< It has all of these,
  std::string value;                  ///< and either this one
  std::set<std::string> identifiers;  ///< with these,
  std::string rare;                   ///< or this one.
};

inline bool stands_in_column(const Event& event, const Leaf& leaf) {
  const auto field = field_of_path(leaf.path);
  if (!field || !field_at(*field).column) return false;
  if (*field == event_time_field()) return leaf.value == format_time(event.time);
  const auto values = values_of(event, *field);
  return std::ranges::find(values, leaf.value, &FieldValue::value) != values.end();
}

inline LooseLeaf loose_leaf(const Leaf& leaf) {
  LooseLeaf terms;
  if (is_uuid(leaf.value)) {
    terms.words.insert(uuid_term(leaf.value));
  } else {
    for (const auto& piece : pieces_of(leaf.value)) terms.words.insert(piece_term(piece));
  }
  terms.value = leaf_term(leaf.path, leaf.value);
  for_each_identifier(leaf.value, [&](std::string_view identifier) {
    const Pieces pieces = pieces_of(identifier);
    if (pieces.size() >= 2) terms.identifiers.insert(identifier_term(pieces));
  });
  terms.rare = rare_term(leaf.path);
  return terms;
}

/// The leaves of an event that no column holds.
inline std::vector<LooseLeaf> loose_leaves(const Event& event) {
  std::vector<LooseLeaf> loose;
  for (const Leaf& leaf : event.leaves) {
    if (!stands_in_column(event, leaf)) loose.push_back(loose_leaf(leaf));
  }
  return loose;
}

}  // namespace trailsift::store
