#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "query/tree.h"
#include "schema/error.h"

namespace trailsift::query {

/// What a part of a query means; nothing when all of it was left out, as words without letters are.
using Binding = Result<std::optional<Tree>>;

/// Joins what `bind` makes of each child of a group (of either syntax) by the group's operator.
template <class Group, class Bind>
Binding bind_children(const Group& group, const Bind& bind) {
  std::vector<Tree> children;
  for (const auto& child : group.children) {
    Binding bound = bind(child);
    if (!bound) return bound;
    if (*bound) children.push_back(std::move(**bound));
  }
  if (children.empty()) return std::nullopt;
  switch (group.op) {
    case Group::Op::all_of: return Tree{AllOf{std::move(children)}};
    case Group::Op::any_of: return Tree{AnyOf{std::move(children)}};
    case Group::Op::none_of: return Tree{Not{std::make_unique<Tree>(std::move(children.front()))}};
  }
  return std::nullopt;
}

/// Any of what `bind` makes of each target; for the score, the best of them with the share `tie` of
/// the others. A target that cannot have such a value does not count,
/// unless that leaves none; a query that is too large is refused.
template <class Targets, class Bind>
Binding bind_any(const Targets& targets, double tie, const Bind& bind) {
  std::vector<Tree> alternatives;
  std::optional<Error> first_error;
  bool fits = false;
  for (const auto& target : targets) {
    Binding bound = bind(target);
    if (!bound && bound.error().code == ErrorCode::too_large) return bound;
    if (!bound && !first_error) first_error = std::move(bound.error());
    fits = fits || bound.has_value();
    if (bound && *bound) alternatives.push_back(std::move(**bound));
  }
  if (!fits && first_error) return tl::unexpected(std::move(*first_error));
  if (alternatives.empty()) return std::nullopt;
  return Tree{AnyOf{std::move(alternatives), tie}};
}

}  // namespace trailsift::query
