#include "query/event_filter.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "query/matches.h"
#include "query/overloaded.h"

namespace trailsift::query {
namespace {

void add_parts(const Target& target, EventParts& parts) {
  std::visit(Overloaded{
                 [&](FieldIndex field) { parts.add(field); },
                 [&](const LeafPath& leaf) { parts.add_leaf(leaf.path); },
             },
             target);
}

void add_parts(const Tree& tree, EventParts& parts);

void add_parts(const std::vector<Tree>& trees, EventParts& parts) {
  for (const Tree& tree : trees) add_parts(tree, parts);
}

void add_parts(const Tree& tree, EventParts& parts) {
  std::visit(Overloaded{
                 [](const Everything&) {},
                 [](const Nothing&) {},
                 [](const InTime&) {},  // Every event has its time.
                 [&](const Equals& equals) { add_parts(equals.target, parts); },
                 [&](const StartsWith& starts) { add_parts(starts.target, parts); },
                 [&](const Like& like) { add_parts(like.target, parts); },
                 [&](const Between& between) { add_parts(between.target, parts); },
                 [&](const Phrase& phrase) { parts.add(phrase.field); },
                 [&](const Near& near) { parts.add(near.field); },
                 [&](const AllOf& all) { add_parts(all.children, parts); },
                 [&](const AnyOf& any) { add_parts(any.children, parts); },
                 [&](const Not& negation) { add_parts(*negation.child, parts); },
             },
             tree.kind);
}

/// How much an event takes to be asked about it: a value, all leaves, all words of all leaves.
int cost_of(const Tree& tree) {
  constexpr int kValue = 0;
  constexpr int kLeaf = 1;
  constexpr int kWords = 2;
  const auto of_target = [](const Target& target) {
    return std::holds_alternative<LeafPath>(target) ? kLeaf : kValue;
  };
  const auto of_all = [](const std::vector<Tree>& trees) {
    int most = kValue;
    for (const Tree& child : trees) most = std::max(most, cost_of(child));
    return most;
  };
  return std::visit(Overloaded{
                        [](const Everything&) { return kValue; },
                        [](const Nothing&) { return kValue; },
                        [](const InTime&) { return kValue; },
                        [&](const Equals& equals) { return of_target(equals.target); },
                        [&](const StartsWith& starts) { return of_target(starts.target); },
                        [&](const Like& like) { return of_target(like.target); },
                        [&](const Between& between) { return of_target(between.target); },
                        [](const Phrase&) { return kWords; },
                        [](const Near&) { return kWords; },
                        [&](const AllOf& all) { return of_all(all.children); },
                        [&](const AnyOf& any) { return of_all(any.children); },
                        [](const Not& negation) { return cost_of(*negation.child); },
                    },
                    tree.kind);
}

/// The same tree with the children of each group in the order of their costs: matches() stops at
/// the first that decides.
Tree cheapest_first(Tree tree) {
  const auto put_in_order = [](std::vector<Tree>& children) {
    for (Tree& child : children) child = cheapest_first(std::move(child));
    std::ranges::stable_sort(children, {}, cost_of);
  };
  if (auto* all = std::get_if<AllOf>(&tree.kind)) put_in_order(all->children);
  if (auto* any = std::get_if<AnyOf>(&tree.kind)) put_in_order(any->children);
  if (auto* negation = std::get_if<Not>(&tree.kind)) {
    *negation->child = cheapest_first(std::move(*negation->child));
  }
  return tree;
}

}  // namespace

EventFilter::EventFilter(Tree tree, std::unique_ptr<JoinFiles> files)
    : tree_(cheapest_first(std::move(tree))), parts_(parts_of(tree_)), files_(std::move(files)) {}

EventParts parts_of(const Tree& tree) {
  EventParts parts;
  add_parts(tree, parts);
  return parts;
}

bool EventFilter::matches(Event event) const {
  if (parts_.has_joined()) files_->current()->add_to(event);
  return query::matches(tree_, event);
}

}  // namespace trailsift::query
