#include "query/event_filter.h"

#include <memory>
#include <utility>
#include <variant>

#include "query/matches.h"
#include "query/overloaded.h"
#include "query/simplify.h"

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
                 [&](const Found& found) { add_parts(found.target, parts); },
                 [&](const InNetwork& in) { add_parts(in.target, parts); },
                 [&](const SameValue& same) {
                   add_parts(same.one, parts);
                   add_parts(same.other, parts);
                 },
                 [&](const Between& between) { add_parts(between.target, parts); },
                 [&](const Phrase& phrase) { parts.add(phrase.field); },
                 [&](const Near& near) { parts.add(near.field); },
                 [&](const Fuzzy& fuzzy) { add_parts(fuzzy.target, parts); },
                 [&](const AllOf& all) { add_parts(all.children, parts); },
                 [&](const AnyOf& any) { add_parts(any.children, parts); },
                 [&](const Not& negation) { add_parts(*negation.child, parts); },
             },
             tree.kind);
}

/// Whether a condition is decided by values of fields, and not by leaves or the words of many.
bool is_by_value(const Tree& tree) {
  const auto is_value = [](FieldIndex field) { return field_at(field).origin != Origin::subtree; };
  const auto is_field = [&](const Target& target) {
    const auto* field = std::get_if<FieldIndex>(&target);
    return field != nullptr && is_value(*field);
  };
  return std::visit(
      Overloaded{
          [&](const Equals& equals) { return is_field(equals.target); },
          [&](const StartsWith& starts) { return is_field(starts.target); },
          [&](const Like& like) { return is_field(like.target); },
          [&](const Found& found) { return is_field(found.target); },
          [&](const InNetwork& in) { return is_field(in.target); },
          [&](const SameValue& same) { return is_field(same.one) && is_field(same.other); },
          [&](const Between& between) { return is_field(between.target); },
          [&](const Phrase& phrase) { return is_value(phrase.field); },
          [&](const Near& near) { return is_value(near.field); },
          [&](const Fuzzy& fuzzy) { return is_field(fuzzy.target); },
          [](const auto& /*group*/) { return true; },
      },
      tree.kind);
}

/// `tree` with conditions that look at more than values left open: they are met when that widens
/// what matches, and are not where it does so below a `not`.
Tree widened(const Tree& tree, bool wider) {
  const auto widened_all = [wider](const std::vector<Tree>& trees) {
    std::vector<Tree> children;
    for (const Tree& child : trees) children.push_back(widened(child, wider));
    return children;
  };
  if (const auto* all = std::get_if<AllOf>(&tree.kind)) return {AllOf{widened_all(all->children)}};
  if (const auto* any = std::get_if<AnyOf>(&tree.kind)) return {AnyOf{widened_all(any->children)}};
  if (const auto* negation = std::get_if<Not>(&tree.kind)) {
    return {Not{std::make_unique<Tree>(widened(*negation->child, !wider))}};
  }
  if (is_by_value(tree)) return clone(tree);
  return wider ? Tree{Everything{}} : Tree{Nothing{}};
}

}  // namespace

EventParts parts_of(const Tree& tree) {
  EventParts parts;
  add_parts(tree, parts);
  return parts;
}

Tree by_values(const Tree& tree) {
  return simplify(widened(tree, true));
}

EventFilter::EventFilter(Tree tree, std::shared_ptr<JoinFiles> files)
    : tree_(std::move(tree)), parts_(parts_of(tree_)), files_(std::move(files)) {}

bool EventFilter::matches(Event event) const {
  if (parts_.has_joined()) files_->current()->add_to(event);
  return query::matches(tree_, event);
}

}  // namespace trailsift::query
