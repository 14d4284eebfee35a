#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "query/fuzzy.h"
#include "query/network.h"
#include "query/regular_expression.h"
#include "query/wildcard.h"
#include "schema/field.h"
#include "schema/time.h"
#include "schema/words.h"

namespace trailsift::query {

struct Tree;

/// A leaf of the record that has no schema row, by its CloudTrail path.
struct LeafPath {
  std::string path;
  friend bool operator==(const LeafPath&, const LeafPath&) = default;
};

/// What a condition looks at. Only Like and Found may look at a subtree field: at each leaf in it.
using Target = std::variant<FieldIndex, LeafPath>;

struct Everything {};
struct Nothing {};

/// Some value of the target is exactly this (canonical) value. Leaves compare byte for byte. Where
/// case does not count `value` is folded, and so are the values of the target.
struct Equals {
  Target target;
  std::string value;
  LetterCase letters = LetterCase::exact;
};

/// Some value of the target begins with these bytes, case-sensitively.
struct StartsWith {
  Target target;
  std::string prefix;
};

/// Some value of the target is like the pattern.
struct Like {
  Target target;
  Wildcard pattern;
};

/// The regular expression is found in some value of the target.
struct Found {
  Target target;
  RegularExpression expression;
};

/// Some value of the target is an address in the network.
struct InNetwork {
  Target target;
  Network network;
};

/// Some value of one target is also a value of the other.
struct SameValue {
  Target one;
  Target other;
  LetterCase letters = LetterCase::exact;
};

/// Some value of the target lies between the bounds, in the order of the field's type; leaves in
/// byte order, or `by_number`: those that are a number in the order of numbers. An absent bound is
/// open. Not for event_time: see InTime.
struct Between {
  struct Bound {
    std::string value;
    bool inclusive = true;
  };
  Target target;
  std::optional<Bound> low;
  std::optional<Bound> high;
  bool by_number = false;
};

/// event_time in [from, to).
struct InTime {
  std::optional<Timestamp> from;
  std::optional<Timestamp> to;
};

/// One leaf of a text field (its value, or any leaf of a subtree) holds these pieces one after the
/// other. `open_end`: the last piece need only begin so. Never empty.
struct Phrase {
  FieldIndex field;
  Pieces pieces;
  bool open_end = false;
};

/// One leaf of a text field holds these pieces in any order, with at most `distance` others
/// between the first and the last.
struct Near {
  FieldIndex field;
  Pieces pieces;
  std::size_t distance = 0;
};

/// One piece of some leaf of a text field, or some value of another target as a whole, is like the
/// text. Pieces are folded, and so is the text then.
struct Fuzzy {
  Target target;
  FuzzyText text;
};

/// At least one child; AllOf and AnyOf of one child are that child.
struct AllOf {
  std::vector<Tree> children;
};
struct AnyOf {
  std::vector<Tree> children;
  /// For the score, which is that of the best child and this share of what the others have.
  double tie = 1;
};

struct Not {
  std::unique_ptr<Tree> child;  ///< Never null.
};

/// A query bound to the schema: what bind() makes, simplify() rewrites, evaluate() and matches()
/// answer. Every syntax ends here. Movable; copy with clone().
struct Tree {
  std::variant<Everything, Nothing, Equals, StartsWith, Like, Found, InNetwork, SameValue, Between,
               InTime, Phrase, Near, Fuzzy, AllOf, AnyOf, Not>
      kind;

  // For the score alone (query/score.h).
  double boost = 1;       ///< How much it counts; 0: nothing.
  bool constant = false;  ///< Whatever matches scores the boost and no more.
};

Tree clone(const Tree& tree);

/// A line that tells the tree, for tests and explain: `(and event_name="x" (not raw:"a b"))`.
std::string to_string(const Tree& tree);

}  // namespace trailsift::query
