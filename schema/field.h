#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"

namespace trailsift {

enum class FieldType : std::uint8_t {
  keyword,  ///< Matched whole and case-sensitively.
  text,     ///< Matched by words.
  ip,       ///< An address where it is one; matched like a keyword, as it often is none.
  time,     ///< RFC 3339, UTC.
  boolean,  ///< "true" or "false", however the record spelt it.
  integer,  ///< Signed 64 bit.
};

/// Where a field's value comes from.
enum class Origin : std::uint8_t {
  record,    ///< The leaf at `path`.
  derived,   ///< Worked out from several leaves.
  delivery,  ///< Not in the record: how it reached us.
  subtree,   ///< All leaves below `path`; returned as the JSON text found there.
  joined,    ///< Not kept with the event: looked up by another field's value when it is asked for.
};

/// How a joined field gets its value.
struct Join {
  std::string_view key = {};        ///< The field whose value is looked up: a column, not multi.
  std::string_view otherwise = {};  ///< The value where the table has none; empty: no value.
  std::string_view file = {};       ///< Name of the table in a data directory.
  bool in_raw = false;              ///< Whether words of the whole event (raw) are found in it.
};

/// One row of the schema. Everything that knows fields reads these rows.
struct Field {
  std::string_view name;     ///< Canonical: lower case, underscores.
  std::string_view path;     ///< CloudTrail path; empty when derived or delivered.
  std::string_view aliases;  ///< Other accepted names (Elastic's), separated by spaces.
  FieldType type;
  bool column;  ///< Can be sorted by and faceted.
  bool multi;   ///< A record can hold several values.
  Origin origin;
  std::string_view help;
  Join join = {};  ///< Of a joined field.
};

/// The position of a row in fields(); not stable between versions, so never written to disk.
using FieldIndex = std::uint16_t;

/// All rows, in the order in which they are returned and documented.
std::span<const Field> fields();

const Field& field_at(FieldIndex index);

FieldIndex index_of(const Field& field);

/// The row with this canonical name. For names in the source code: an unknown one is a bug.
FieldIndex field_index(std::string_view canonical_name);

/// The rows that more than one part of the program treats apart.
FieldIndex event_time_field();
FieldIndex event_id_field();
FieldIndex log_file_field();
/// The joined fields, in the order of fields().
std::span<const FieldIndex> joined_fields();

/// By canonical name, CloudTrail path or alias, without regard to case; nullptr when unknown.
const Field* find_field(std::string_view name);

/// Canonical names that `name` may have been meant to be, best first; at most `limit`.
std::vector<std::string_view> similar_fields(std::string_view name, std::size_t limit = 3);

/// The parts of a record that have no fixed shape: "requestParameters" and its like. Their leaves,
/// and all others without a row of their own, are queried by path.
std::span<const std::string_view> free_form_roots();

/// True when `path` is a dotted path below an object that CloudTrail records have.
bool is_leaf_path(std::string_view path);

/// The type's name in documentation and JSON, such as "keyword".
std::string_view name(FieldType type);

/// `text` in the type's canonical form, or nullopt when it is not of that type.
/// "1372.0" is the integer "1372"; "TRUE" the boolean "true".
std::optional<std::string> canonical_value(FieldType type, std::string_view text);

/// Whether `text` is in that form already.
bool is_canonical(FieldType type, std::string_view text);

/// The order in which values of a type sort: bytes, numbers, or points in time. Both values must
/// be canonical.
std::strong_ordering compare_values(FieldType type, std::string_view a, std::string_view b);
/// Whether it is that of the bytes.
bool sorts_by_bytes(FieldType type);

}  // namespace trailsift
