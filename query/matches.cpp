#include "query/matches.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>

#include "query/holds.h"
#include "schema/words.h"

namespace trailsift::query {
namespace {

/// Whether some value of the target passes `test`.
template <class Test>
bool any_value(const Event& event, const Target& target, const Test& test) {
  if (const auto* field = std::get_if<FieldIndex>(&target)) {
    return std::ranges::any_of(values_of(event, *field), test, &FieldValue::value);
  }
  const std::string& path = std::get<LeafPath>(target).path;
  return std::ranges::any_of(
      event.leaves, [&](const Leaf& leaf) { return leaf.path == path && test(leaf.value); });
}

/// Whether some leaf of a subtree, or some value of another target, passes `test`.
template <class Test>
bool any_text(const Event& event, const Target& target, const Test& test) {
  const auto* index = std::get_if<FieldIndex>(&target);
  if (index == nullptr) return any_value(event, target, test);
  const Field& field = field_at(*index);
  if (field.origin != Origin::subtree) return any_value(event, target, test);
  for (const FieldIndex joined : joined_fields()) {
    const bool asked_for = field_at(joined).join.in_raw && field.path.empty();
    if (asked_for && any_value(event, Target(joined), test)) return true;
  }
  return std::ranges::any_of(
      event.leaves, [&](const Leaf& leaf) { return in_subtree(field, leaf) && test(leaf.value); });
}

bool have_same(const Event& event, const SameValue& same) {
  return any_value(event, same.one, [&](std::string_view one) {
    const std::string folded = same.letters == LetterCase::any ? fold(one) : std::string();
    return any_value(event, same.other, [&](std::string_view other) {
      return same.letters == LetterCase::any ? folds_to(other, folded) : other == one;
    });
  });
}

bool is_in_time(Timestamp time, const InTime& range) {
  return (!range.from || time >= *range.from) && (!range.to || time < *range.to);
}

/// Whether an event answers one condition.
struct Matcher {
  const Event& event;

  bool operator()(const Everything&) const { return true; }
  bool operator()(const Nothing&) const { return false; }
  bool operator()(const InTime& range) const { return is_in_time(event.time, range); }
  bool operator()(const SameValue& same) const { return have_same(event, same); }

  bool operator()(const Equals& equals) const {
    return any_value(event, equals.target,
                     [&](std::string_view value) { return is_equal(value, equals); });
  }
  bool operator()(const StartsWith& starts) const {
    return any_value(event, starts.target,
                     [&](std::string_view value) { return value.starts_with(starts.prefix); });
  }
  bool operator()(const InNetwork& in) const {
    return any_value(event, in.target,
                     [&](std::string_view value) { return in.network.contains(value); });
  }
  bool operator()(const Between& between) const {
    return any_value(event, between.target,
                     [&](std::string_view value) { return lies_between(value, between); });
  }
  bool operator()(const Like& like) const {
    return any_text(event, like.target,
                    [&](std::string_view value) { return like.pattern.matches(value); });
  }
  bool operator()(const Found& found) const {
    return any_text(event, found.target,
                    [&](std::string_view value) { return found.expression.matches(value); });
  }
  bool operator()(const Phrase& phrase) const {
    return any_text(event, phrase.field,
                    [&](std::string_view text) { return holds(text, phrase); });
  }
  bool operator()(const Near& near) const {
    return any_text(event, near.field, [&](std::string_view text) { return holds(text, near); });
  }
  bool operator()(const Fuzzy& fuzzy) const {
    const bool words = has_words(fuzzy.target);
    return any_text(event, fuzzy.target, [&](std::string_view text) {
      return words ? holds(text, fuzzy) : fuzzy.text.is_like(text);
    });
  }

  bool operator()(const AllOf& all) const {
    return std::ranges::all_of(all.children,
                               [&](const Tree& child) { return matches(child, event); });
  }
  bool operator()(const AnyOf& any) const {
    return std::ranges::any_of(any.children,
                               [&](const Tree& child) { return matches(child, event); });
  }
  bool operator()(const Not& negation) const { return !matches(*negation.child, event); }
};

}  // namespace

bool matches(const Tree& tree, const Event& event) {
  return std::visit(Matcher{event}, tree.kind);
}

}  // namespace trailsift::query
