#include "query/event_filter.h"

#include <string>
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
                 [&](const Between& between) { add_parts(between.target, parts); },
                 [&](const Phrase& phrase) { parts.add(phrase.field); },
                 [&](const Near& near) { parts.add(near.field); },
                 [&](const AllOf& all) { add_parts(all.children, parts); },
                 [&](const AnyOf& any) { add_parts(any.children, parts); },
                 [&](const Not& negation) { add_parts(*negation.child, parts); },
             },
             tree.kind);
}

}  // namespace

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
