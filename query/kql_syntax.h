#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "schema/error.h"

/// The everyday language: what people know from Kibana, and more. docs/queries.md tells its rules.
namespace trailsift::query::kql {

struct Node;

/// Text with a `*`, which stands for any characters or none, between each two parts. Plain text is
/// one part.
using Parts = std::vector<std::string>;

/// The name of a field as the user wrote it, or a pattern for names.
struct Name {
  Parts parts;
  Span at;
};

/// What a field is compared with.
struct Value {
  enum class Kind : std::uint8_t {
    text,        ///< A word or "quoted" text.
    expression,  ///< `/…/`; one part, as it was written.
    reference,   ///< `$field`: the values of that field; one part.
  };
  Kind kind = Kind::text;
  Parts parts;
  Span at;
};

enum class Relation : std::uint8_t {
  is,
  is_exactly,
  less,
  less_or_equal,
  greater,
  greater_or_equal
};

/// `field:value`, `field > value`, or a value alone: in a List for its field, else anywhere.
struct Condition {
  std::optional<Name> name;
  Relation relation = Relation::is;
  Value value;
};

/// `field:[low to high]`, with braces on exclusive sides. An absent bound is open: `*`.
struct Range {
  struct Bound {
    Value value;
    bool inclusive = true;
  };
  std::optional<Name> name;
  std::optional<Bound> low;
  std::optional<Bound> high;
};

/// `field:(…)`, whose conditions and ranges have no names.
struct List {
  Name name;
  bool exact = false;        ///< `field == (…)`
  std::vector<Node> values;  ///< Exactly one.
};

/// `a and b`, `a or b`, `not a`; the last has exactly one child, the others at least two.
struct Group {
  enum class Op : std::uint8_t { all_of, any_of, none_of };
  Op op = Op::all_of;
  std::vector<Node> children;
};

/// A parsed query: syntax only, nothing is known of fields and types. Owns its text.
struct Node {
  using Kind = std::variant<Condition, Range, List, Group>;

  // Out of line: inlined, GCC 12 takes what they do for the use of something uninitialised.
  Node(Kind what, Span where);
  Node(const Node& other);
  Node(Node&& other) noexcept;
  Node& operator=(const Node& other);
  Node& operator=(Node&& other) noexcept;
  ~Node();

  Kind kind;
  Span at;
};

/// Whether two trees say the same, wherever their parts stood in the text.
bool operator==(const Node& a, const Node& b);

/// The query in its usual form, which parses to an equal tree.
std::string to_string(const Node& node);

/// `*`, which everything answers.
Value any_value(Span at);
/// Whether it is that.
bool is_any(const Parts& parts);

/// Whether the word is an operator, in any case: "and", "or", "not".
bool is_operator(std::string_view word);

}  // namespace trailsift::query::kql
