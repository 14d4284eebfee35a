#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/field.h"
#include "schema/time.h"

namespace trailsift {

/// One value of one schema field, in the field type's canonical form.
struct FieldValue {
  FieldIndex field;
  std::string value;

  friend bool operator==(const FieldValue&, const FieldValue&) = default;
};

/// One scalar of a record: where it stands (keys joined by dots, array indexes left out) and its
/// text. Nulls, empty containers and empty strings are no leaves.
struct Leaf {
  std::string path;
  std::string value;

  friend bool operator==(const Leaf&, const Leaf&) = default;
};

/// One CloudTrail record. `values` holds no entry for subtree fields: their text is in `leaves`.
struct Event {
  std::string id;
  Timestamp time;
  std::vector<FieldValue> values;  ///< Ordered by field; no value twice for one field.
  std::vector<Leaf> leaves;        ///< In the order of the record.
  std::string json;                ///< The record, byte for byte as delivered.
};

/// The values of one field; empty when the event has none.
std::span<const FieldValue> values_of(const Event& event, FieldIndex field);

/// The first value of one field.
std::optional<std::string_view> value_of(const Event& event, FieldIndex field);

/// Adds a value in its place. A field that is not multi keeps only the newest value; an empty
/// value or one that the event has already changes nothing.
void add_value(Event& event, FieldIndex field, std::string value);

/// True when `leaf` lies in the part of the record that the subtree field stands for.
bool in_subtree(const Field& subtree, const Leaf& leaf);

}  // namespace trailsift
