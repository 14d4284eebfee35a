#include "query/outline.h"

#include <utility>

#include "query/ast.h"
#include "query/bind.h"
#include "query/parser.h"
#include "query/simplify.h"

namespace trailsift::query {
namespace {

Outline::Kind kind_of(Group::Op op) {
  switch (op) {
    case Group::Op::all_of: return Outline::Kind::all_of;
    case Group::Op::any_of: return Outline::Kind::any_of;
    case Group::Op::none_of: return Outline::Kind::none_of;
  }
  return Outline::Kind::all_of;
}

/// Depth is bounded by the parser.
Result<Outline> outline(const Node& node, const ParseOptions& options) {
  auto tree = bind(node, options);
  if (!tree) return tl::unexpected(tree.error());
  Outline clause{Outline::Kind::condition, node.at, simplify(std::move(*tree)), {}};
  const auto* const group = std::get_if<Group>(&node.kind);
  // Below a group with a field of its own, conditions mean nothing by themselves.
  if (group == nullptr || group->field) return clause;
  clause.kind = kind_of(group->op);
  for (const Node& child : group->children) {
    auto part = outline(child, options);
    if (!part) return part;
    clause.children.push_back(std::move(*part));
  }
  return clause;
}

std::vector<Outline> outlines_of(const std::vector<Tree>& trees) {
  std::vector<Outline> outlines;
  outlines.reserve(trees.size());
  for (const Tree& tree : trees) outlines.push_back(outline_of(tree));
  return outlines;
}

}  // namespace

Result<Outline> outline_structured(std::string_view text, const ParseOptions& options) {
  const auto syntax = parse_syntax(text);
  if (!syntax) return tl::unexpected(syntax.error());
  return outline(*syntax, options);
}

Outline outline_of(const Tree& tree) {
  Outline clause{Outline::Kind::condition, {}, clone(tree), {}};
  if (const auto* all = std::get_if<AllOf>(&tree.kind)) {
    clause.kind = Outline::Kind::all_of;
    clause.children = outlines_of(all->children);
  } else if (const auto* any = std::get_if<AnyOf>(&tree.kind)) {
    clause.kind = Outline::Kind::any_of;
    clause.children = outlines_of(any->children);
  } else if (const auto* negation = std::get_if<Not>(&tree.kind)) {
    clause.kind = Outline::Kind::none_of;
    clause.children.push_back(outline_of(*negation->child));
  }
  return clause;
}

}  // namespace trailsift::query
