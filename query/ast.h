#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schema/error.h"

namespace trailsift::query {

struct Node;

/// The name of a field as the user wrote it; whether there is such a field is bind()'s business.
struct FieldName {
  std::string name;
  Span at;
};

/// A value as it was written: 'quoted' text or a number.
struct Scalar {
  std::string text;
  bool quoted = true;
  Span at;
  /// Of a language that does not tell numbers and text apart: the field does, and a phrase on a
  /// field that is no text asks for its whole value. Then `quoted` says nothing.
  bool loose = false;
};

/// `[low,high]`, with braces on the exclusive sides. An absent bound is open.
struct Range {
  struct Bound {
    Scalar value;
    bool inclusive = true;
  };
  std::optional<Bound> low;
  std::optional<Bound> high;
  Span at;
};

/// `matchall`
struct MatchAll {};

/// One condition on one field: `'text'`, `field:'text'`, `(prefix field=… 'text')`, …
struct Condition {
  enum class Op : std::uint8_t { term, phrase, prefix, wildcard, near, fuzzy, range };
  Op op = Op::term;
  std::optional<FieldName> field;         ///< Absent: the default fields.
  std::variant<Scalar, Range> operand;    ///< A Range if and only if `op` is range.
  std::optional<std::string> boost;       ///< A number above 0, as written. No effect on matching.
  std::optional<std::uint32_t> distance;  ///< Of near, and the edits of fuzzy; at least 1.
};

/// `(and …)`, `(or …)`, `(not …)`; the last has exactly one child, the others at least one.
struct Group {
  enum class Op : std::uint8_t { all_of, any_of, none_of };
  Op op = Op::all_of;
  std::optional<FieldName> field;  ///< The default field of the conditions inside.
  std::optional<std::string> boost;
  std::vector<Node> children;
};

/// A parsed query: syntax only, nothing is known of fields and types. Owns its text.
struct Node {
  std::variant<MatchAll, Condition, Group> kind;
  Span at;
};

/// Whether two trees say the same, wherever their parts stood in the text.
bool operator==(const Node& a, const Node& b);

/// The query in its shortest usual form, which parses to an equal tree.
std::string to_string(const Node& node);

/// The operator's name in a query.
std::string_view name(Condition::Op op);
std::string_view name(Group::Op op);

}  // namespace trailsift::query
