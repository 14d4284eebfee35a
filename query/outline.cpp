#include "query/outline.h"

#include <utility>

#include "query/ast.h"
#include "query/bind.h"
#include "query/kql_bind.h"
#include "query/kql_parser.h"
#include "query/parser.h"
#include "query/simplify.h"
#include "query/word_parsers.h"

namespace trailsift::query {
namespace {

/// The group that a node is, if its children mean something by themselves: not below a group with a
/// field of its own.
const Group* group_of(const Node& node) {
  const auto* const group = std::get_if<Group>(&node.kind);
  return group == nullptr || group->field ? nullptr : group;
}

const kql::Group* group_of(const kql::Node& node) {
  return std::get_if<kql::Group>(&node.kind);
}

/// Of the groups of every language.
template <class Op>
Outline::Kind kind_of(Op op) {
  switch (op) {
    case Op::all_of: return Outline::Kind::all_of;
    case Op::any_of: return Outline::Kind::any_of;
    case Op::none_of: return Outline::Kind::none_of;
  }
  return Outline::Kind::all_of;
}

/// Depth is bounded by the parsers.
template <class AnyNode>
Result<Outline> outline(const AnyNode& node, const ParseOptions& options) {
  auto tree = bind(node, options);
  if (!tree) return tl::unexpected(tree.error());
  Outline clause{Outline::Kind::condition, node.at, simplify(std::move(*tree)), {}};
  const auto* const group = group_of(node);
  if (group == nullptr) return clause;
  clause.kind = kind_of(group->op);
  for (const AnyNode& child : group->children) {
    auto part = outline(child, options);
    if (!part) return part;
    clause.children.push_back(std::move(*part));
  }
  return clause;
}

/// Of the languages in which a query may have no words.
Result<Outline> outline_words(const Result<std::optional<Node>>& syntax,
                              const ParseOptions& options) {
  if (!syntax) return tl::unexpected(syntax.error());
  if (!*syntax) return outline_of(Tree{Nothing{}});
  return outline(**syntax, options);
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

Result<Outline> outline_kql(std::string_view text, const ParseOptions& options) {
  const auto syntax = kql::parse_syntax(text);
  if (!syntax) return tl::unexpected(syntax.error());
  return outline(*syntax, options);
}

Result<Outline> outline_simple(std::string_view text, const ParseOptions& options) {
  return outline_words(parse_simple_syntax(text, options), options);
}

Result<Outline> outline_lucene(std::string_view text, const ParseOptions& options) {
  return outline_words(parse_lucene_syntax(text, options), options);
}

Result<Outline> outline_dismax(std::string_view text, const ParseOptions& options) {
  return outline_words(parse_dismax_syntax(text, options), options);
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
