#include "query/simplify.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "query/holds.h"
#include "query/overloaded.h"

namespace trailsift::query {
namespace {

template <class Kind>
bool is(const Tree& tree) {
  return std::holds_alternative<Kind>(tree.kind);
}

/// No value lies between bounds of which neither lies within the other.
bool is_empty(const Between& between) {
  if (!between.low || !between.high) return false;
  const Between below{between.target, std::nullopt, between.high, between.by_number};
  const Between above{between.target, between.low, std::nullopt, between.by_number};
  return !lies_between(between.low->value, below) || !lies_between(between.high->value, above);
}

Tree simplify_time(InTime time) {
  if (!time.from && !time.to) return Tree{Everything{}};
  if (time.from && time.to && *time.from >= *time.to) return Tree{Nothing{}};
  return Tree{time};
}

InTime intersect(const InTime& a, const InTime& b) {
  InTime both = a;
  if (b.from && (!both.from || *b.from > *both.from)) both.from = b.from;
  if (b.to && (!both.to || *b.to < *both.to)) both.to = b.to;
  return both;
}

/// The simplified children, where those of a child of the same kind take its place.
template <class Group>
std::vector<Tree> flatten(std::vector<Tree> children) {
  std::vector<Tree> flat;
  for (Tree& child : children) {
    Tree simple = simplify(std::move(child));
    if (auto* same = std::get_if<Group>(&simple.kind)) {
      std::ranges::move(same->children, std::back_inserter(flat));
    } else {
      flat.push_back(std::move(simple));
    }
  }
  return flat;
}

/// `Neutral` children change nothing and go; one `Absorbing` child is the whole answer.
template <class Group, class Neutral, class Absorbing>
Tree simplify_group(std::vector<Tree> children) {
  if (std::ranges::any_of(children, is<Absorbing>)) return Tree{Absorbing{}};
  std::erase_if(children, is<Neutral>);
  if (children.empty()) return Tree{Neutral{}};
  if (children.size() == 1) return std::move(children.front());
  return Tree{Group{std::move(children)}};
}

/// Puts one InTime, the intersection, in the place of the first.
void merge_times(std::vector<Tree>& children) {
  const auto first = std::ranges::find_if(children, is<InTime>);
  if (first == children.end()) return;
  InTime merged;
  for (const Tree& child : children) {
    if (const auto* time = std::get_if<InTime>(&child.kind)) merged = intersect(merged, *time);
  }
  *first = simplify_time(merged);
  children.erase(std::remove_if(first + 1, children.end(), is<InTime>), children.end());
}

Tree simplify_all(AllOf all) {
  auto children = flatten<AllOf>(std::move(all.children));
  merge_times(children);
  return simplify_group<AllOf, Everything, Nothing>(std::move(children));
}

Tree simplify_any(AnyOf any) {
  return simplify_group<AnyOf, Nothing, Everything>(flatten<AnyOf>(std::move(any.children)));
}

Tree simplify_not(Not negation) {
  Tree child = simplify(std::move(*negation.child));
  if (is<Everything>(child)) return Tree{Nothing{}};
  if (is<Nothing>(child)) return Tree{Everything{}};
  if (auto* inner = std::get_if<Not>(&child.kind)) return std::move(*inner->child);
  return Tree{Not{std::make_unique<Tree>(std::move(child))}};
}

}  // namespace

Tree simplify(Tree tree) {
  return std::visit(Overloaded{
                        [](AllOf&& all) { return simplify_all(std::move(all)); },
                        [](AnyOf&& any) { return simplify_any(std::move(any)); },
                        [](Not&& negation) { return simplify_not(std::move(negation)); },
                        [](InTime&& time) { return simplify_time(time); },
                        [](Between&& between) {
                          return is_empty(between) ? Tree{Nothing{}} : Tree{std::move(between)};
                        },
                        // An empty text is no value, so none can be equal to it.
                        [](Equals&& equals) {
                          return equals.value.empty() ? Tree{Nothing{}} : Tree{std::move(equals)};
                        },
                        [](auto&& kind) { return Tree{std::forward<decltype(kind)>(kind)}; },
                    },
                    std::move(tree.kind));
}

}  // namespace trailsift::query
