#include "query/word_nodes.h"

#include <algorithm>
#include <utility>

#include "query/fuzzy.h"
#include "query/parse.h"

namespace trailsift::query {

Error too_deep(Span at) {
  return {ErrorCode::too_large,
          "expected at most " + std::to_string(kMaxQueryDepth) +
              " operators inside each other, got more",
          at};
}

Result<void> check_depth(const Clause& clause) {
  if (clause.depth <= kMaxQueryDepth) return {};
  return tl::unexpected(too_deep(clause.node.at));
}

Result<Clause> grouped(Group::Op op, Clause child) {
  const Span at = child.node.at;
  Group group;
  group.op = op;
  group.children.push_back(std::move(child.node));
  Clause parent{Node{std::move(group), at}, child.depth + 1};
  if (auto fits = check_depth(parent); !fits) return tl::unexpected(fits.error());
  return parent;
}

Scalar loose(std::string text, Span at) {
  return {std::move(text), true, at, true};
}

Condition phrase_condition(std::string words, std::uint32_t slop, Span at) {
  Condition condition;
  condition.op = slop == 0 ? Condition::Op::phrase : Condition::Op::near;
  if (slop > 0) condition.distance = std::min(slop, kMostSlop);
  condition.operand = loose(std::move(words), at);
  return condition;
}

Result<Clause> word_clause(Condition condition, Span at, std::size_t& conditions) {
  if (++conditions > kMaxQueryClauses) {
    return fail(ErrorCode::too_large,
                "expected at most " + std::to_string(kMaxQueryClauses) + " conditions, got more",
                at);
  }
  return Clause{Node{std::move(condition), at}, 0};
}

Condition fuzzy_condition(std::string word, std::uint32_t edits, Span at) {
  Condition condition;
  condition.op = edits == 0 ? Condition::Op::term : Condition::Op::fuzzy;
  if (edits > 0) condition.distance = std::min(edits, kMaxEdits);
  condition.operand = loose(std::move(word), at);
  return condition;
}

}  // namespace trailsift::query
