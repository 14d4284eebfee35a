#include "query/score_plan.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "query/overloaded.h"

namespace trailsift::query {
namespace {

using Node = ScorePlan::Node;

bool is_weighted(const Tree& tree) {
  if (const auto* phrase = std::get_if<Phrase>(&tree.kind)) return !phrase->open_end;
  return std::holds_alternative<Near>(tree.kind) || std::holds_alternative<Fuzzy>(tree.kind) ||
         std::holds_alternative<Equals>(tree.kind);
}

/// Whether it adds the same to whatever meets it: the best of conditions that count alike.
bool adds_the_same(const AnyOf& any) {
  return any.tie == 0 && std::ranges::all_of(any.children, [&](const Tree& child) {
           const bool condition = !std::holds_alternative<AllOf>(child.kind) &&
                                  !std::holds_alternative<AnyOf>(child.kind) &&
                                  !std::holds_alternative<Not>(child.kind) &&
                                  !std::holds_alternative<Everything>(child.kind) &&
                                  !std::holds_alternative<Nothing>(child.kind);
           return condition && !is_weighted(child) && child.boost == any.children.front().boost;
         });
}

Node constant(double score, Node of) {
  Node node{Node::Op::constant, score};
  node.children.push_back(std::move(of));
  return node;
}

class Planner {
 public:
  /// `certain`: every hit meets the part. `counts`: what it adds is not thrown away.
  Result<Node> plan(const Tree& tree, bool certain, bool counts) {
    // What every hit meets and adds nothing by need not be looked at.
    if (certain && (!counts || tree.boost == 0)) return Node{};
    counts = counts && tree.boost != 0;
    auto node = plan_kind(tree, certain, counts && !tree.constant);
    if (!node || node->op == Node::Op::never) return node;
    if (tree.constant) return constant(tree.boost, std::move(*node));
    node->boost *= tree.boost;
    return node;
  }

  std::vector<ScorePlan::Condition> take() { return std::move(conditions_); }

 private:
  Result<Node> plan_kind(const Tree& tree, bool certain, bool counts) {
    return std::visit(Overloaded{
                          [](const Everything&) -> Result<Node> { return Node{}; },
                          [](const Nothing&) -> Result<Node> { return Node{Node::Op::never}; },
                          [&](const AllOf& all) {
                            return plan_group(Node::Op::all_of, all.children, certain, counts);
                          },
                          [&](const AnyOf& any) {
                            const bool alone = certain && any.children.size() == 1;
                            if (certain && adds_the_same(any)) {
                              return Result<Node>(constant(any.children.front().boost, Node{}));
                            }
                            auto node = plan_group(Node::Op::any_of, any.children, alone, counts);
                            if (node) node->tie = any.tie;
                            return node;
                          },
                          [&](const Not& negated) -> Result<Node> {
                            if (certain) return Node{};
                            Node node{Node::Op::none_of};
                            auto child = plan(*negated.child, false, false);
                            if (!child) return child;
                            node.children.push_back(std::move(*child));
                            return node;
                          },
                          [&](const auto&) { return plan_condition(tree, certain, counts); },
                      },
                      tree.kind);
  }

  Result<Node> plan_group(Node::Op op, const std::vector<Tree>& children, bool certain,
                          bool counts) {
    Node node{op};
    for (const Tree& child : children) {
      auto planned = plan(child, certain, counts);
      if (!planned) return planned;
      node.children.push_back(std::move(*planned));
    }
    return node;
  }

  Result<Node> plan_condition(const Tree& tree, bool certain, bool counts) {
    Tree plain = clone(tree);
    plain.boost = 1;
    plain.constant = false;
    const auto [known, added] = numbers_.emplace(to_string(plain), conditions_.size());
    if (added) {
      if (conditions_.size() == kMaxScoredConditions) {
        return fail(ErrorCode::too_large, "expected at most " +
                                              std::to_string(kMaxScoredConditions) +
                                              " words and values to score by, got more");
      }
      conditions_.push_back({std::move(plain), false, false});
    }
    ScorePlan::Condition& condition = conditions_[known->second];
    condition.weighted = condition.weighted || (counts && is_weighted(tree));
    condition.certain = condition.certain || certain;
    Node node{Node::Op::condition};
    node.condition = known->second;
    return node;
  }

  std::vector<ScorePlan::Condition> conditions_;
  std::map<std::string, std::size_t> numbers_;
};

}  // namespace

Result<ScorePlan> plan_score(const Tree& query) {
  Planner planner;
  auto root = planner.plan(query, true, true);
  if (!root) return tl::unexpected(root.error());
  return ScorePlan{planner.take(), std::move(*root)};
}

}  // namespace trailsift::query
