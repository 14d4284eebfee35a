#include "query/explain.h"

#include <utility>

#include "query/find_hits.h"
#include "query/simplify.h"

namespace trailsift::query {
namespace {

/// The tree of a clause without one of those inside it, or of it; nullopt when nothing is left.
std::optional<Tree> tree_without(const Outline& clause, const Outline* left_out) {
  if (&clause == left_out) return std::nullopt;
  if (clause.kind == Outline::Kind::condition) return clone(clause.tree);
  std::vector<Tree> children;
  for (const Outline& child : clause.children) {
    if (auto tree = tree_without(child, left_out)) children.push_back(std::move(*tree));
  }
  if (children.empty()) return std::nullopt;
  switch (clause.kind) {
    case Outline::Kind::any_of: return Tree{AnyOf{std::move(children)}};
    case Outline::Kind::none_of:
      return Tree{Not{std::make_unique<Tree>(std::move(children.front()))}};
    case Outline::Kind::all_of:
    case Outline::Kind::condition: break;
  }
  return Tree{AllOf{std::move(children)}};
}

class Explainer {
 public:
  Explainer(const store::Snapshot& snapshot, const std::vector<Outline>& clauses,
            const InTime& time, const Help& help, const Deadline& deadline)
      : snapshot_(snapshot), clauses_(clauses), time_(time), help_(help), deadline_(deadline) {}

  Result<Explanation> explain() {
    Explanation explanation;
    const auto total = count(whole(nullptr), time_);
    if (!total) return tl::unexpected(total.error());
    explanation.total = *total;
    const auto any_time = count(whole(nullptr), {});
    if (!any_time) return tl::unexpected(any_time.error());
    explanation.any_time = *any_time;
    for (const Outline& clause : clauses_) {
      auto explained = explain(clause);
      if (!explained) return tl::unexpected(explained.error());
      explanation.clauses.push_back(std::move(*explained));
    }
    return explanation;
  }

 private:
  Result<ExplainedClause> explain(const Outline& clause) {
    ExplainedClause explained;
    if (explained_++ < kMaxExplained) {
      const auto hits = count(clone(clause.tree), time_);
      if (!hits) return tl::unexpected(hits.error());
      const auto without = count(whole(&clause), time_);
      if (!without) return tl::unexpected(without.error());
      explained.hits = *hits;
      explained.without = *without;
    }
    for (const Outline& child : clause.children) {
      auto part = explain(child);
      if (!part) return part;
      explained.children.push_back(std::move(*part));
    }
    return explained;
  }

  Tree whole(const Outline* left_out) const {
    std::vector<Tree> all;
    for (const Outline& clause : clauses_) {
      if (auto tree = tree_without(clause, left_out)) all.push_back(std::move(*tree));
    }
    return all.empty() ? Tree{Everything{}} : Tree{AllOf{std::move(all)}};
  }

  Result<std::uint64_t> count(Tree tree, const InTime& time) const {
    const auto hits = find_hits(snapshot_, simplify(std::move(tree)), time, help_, deadline_);
    if (!hits) return tl::unexpected(hits.error());
    return count_of(*hits);
  }

  const store::Snapshot& snapshot_;
  const std::vector<Outline>& clauses_;
  const InTime& time_;
  const Help& help_;
  const Deadline& deadline_;
  std::size_t explained_ = 0;
};

}  // namespace

Result<Explanation> explain(const store::Snapshot& snapshot, const std::vector<Outline>& clauses,
                            const InTime& time, const Help& help, const Deadline& deadline) {
  return Explainer(snapshot, clauses, time, help, deadline).explain();
}

}  // namespace trailsift::query
