#include "query/evaluate.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "query/evaluate_condition.h"
#include "query/evaluate_filter.h"
#include "query/evaluate_same.h"
#include "query/evaluate_text.h"
#include "query/load_event.h"
#include "query/matches.h"
#include "query/overloaded.h"

namespace trailsift::query {
namespace {

/// Walks the tree with bounds instead of sets: conditions that the index cannot decide stay open
/// until the root, where each document still in doubt is read once and judged by the whole tree.
class Evaluator {
 public:
  explicit Evaluator(SegmentAccess& access) : access_(access) {}

  Result<Bounds> bounds(const Tree& tree, const DocSet& within) {
    if (within.empty()) return Bounds{};
    return std::visit(
        Overloaded{
            [&](const Everything&) -> Result<Bounds> { return exactly(within); },
            [](const Nothing&) -> Result<Bounds> { return Bounds{}; },
            [&](const Phrase& phrase) { return evaluate_text(phrase, within, access_); },
            [&](const Near& near) { return evaluate_text(near, within, access_); },
            [&](const AllOf& all) { return all_of(all, within); },
            [&](const AnyOf& any) { return any_of(any, within); },
            [&](const Not& negated) { return none_of(negated, within); },
            [&](const auto& condition) { return evaluate_condition(condition, within, access_); },
        },
        tree.kind);
  }

 private:
  Result<Bounds> all_of(const AllOf& all, const DocSet& within) {
    auto order = cheapest_first(all);
    if (!order) return tl::unexpected(order.error());
    Bounds left = exactly(within);
    for (const Tree* child : *order) {
      const auto found = bounds(*child, left.possible);
      if (!found) return tl::unexpected(found.error());
      left.sure &= found->sure;
      left.possible = found->possible;
    }
    return left;
  }

  Result<Bounds> any_of(const AnyOf& any, const DocSet& within) {
    Bounds joined;
    DocSet left = within;
    for (const Tree& child : any.children) {
      const auto found = bounds(child, left);
      if (!found) return tl::unexpected(found.error());
      joined.sure |= found->sure;
      joined.possible |= found->possible;
      left -= found->sure;
    }
    return joined;
  }

  Result<Bounds> none_of(const Not& negated, const DocSet& within) {
    const auto found = bounds(*negated.child, within);
    if (!found) return tl::unexpected(found.error());
    return Bounds{within - found->possible, within - found->sure};
  }

  /// Selective conditions first, so that the others look at few documents.
  Result<std::vector<const Tree*>> cheapest_first(const AllOf& all) {
    std::vector<std::pair<std::uint64_t, const Tree*>> costs;
    for (const Tree& child : all.children) {
      const auto cost = cost_of(child);
      if (!cost) return tl::unexpected(cost.error());
      costs.emplace_back(*cost, &child);
    }
    std::ranges::stable_sort(costs, {}, &std::pair<std::uint64_t, const Tree*>::first);
    std::vector<const Tree*> order;
    order.reserve(costs.size());
    for (const auto& [cost, child] : costs) order.push_back(child);
    return order;
  }

  /// About how many postings or ordinals a condition makes us read.
  Result<std::uint64_t> cost_of(const Tree& tree) {
    const std::uint64_t scan = access_.segment().size();
    return std::visit(Overloaded{
                          [](const Everything&) -> Result<std::uint64_t> { return 0; },
                          [](const Nothing&) -> Result<std::uint64_t> { return 0; },
                          [](const InTime&) -> Result<std::uint64_t> { return 0; },
                          [&](const Equals& equals) { return query::cost_of(equals, access_); },
                          [&](const StartsWith&) -> Result<std::uint64_t> { return 2 * scan; },
                          [&](const Like&) -> Result<std::uint64_t> { return 2 * scan; },
                          [&](const Found&) -> Result<std::uint64_t> { return 4 * scan; },
                          [&](const InNetwork&) -> Result<std::uint64_t> { return 2 * scan; },
                          [&](const SameValue&) -> Result<std::uint64_t> { return 4 * scan; },
                          [&](const Between&) -> Result<std::uint64_t> { return 2 * scan; },
                          [&](const Phrase&) -> Result<std::uint64_t> { return 3 * scan; },
                          [&](const Near&) -> Result<std::uint64_t> { return 4 * scan; },
                          [&](const Fuzzy&) -> Result<std::uint64_t> { return 4 * scan; },
                          [&](const AllOf&) -> Result<std::uint64_t> { return 5 * scan; },
                          [&](const AnyOf&) -> Result<std::uint64_t> { return 6 * scan; },
                          [&](const Not&) -> Result<std::uint64_t> { return 7 * scan; },
                      },
                      tree.kind);
  }

  SegmentAccess& access_;
};

/// Of the documents in doubt, those that match by their records.
Result<DocSet> verified(const Tree& tree, const DocSet& doubtful, const SegmentAccess& access) {
  std::vector<DocId> docs;
  DocBlocks blocks(doubtful);
  for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
    for (const DocId doc : block) {
      if (const auto in_time = access.deadline().check(); !in_time) {
        return tl::unexpected(in_time.error());
      }
      const auto event = load_event(access.segment(), doc);
      if (!event) return tl::unexpected(event.error());
      if (matches(tree, *event)) docs.push_back(doc);
    }
  }
  return DocSet(docs);
}

}  // namespace

Result<DocSet> evaluate(const Tree& tree, const store::Segment& segment, const InTime& time,
                        const Deadline& deadline) {
  const auto range = documents_in(segment, intersection(time, covering_time(tree)));
  if (!range) return tl::unexpected(range.error());
  return evaluate_within(tree, segment, DocSet(*range), deadline);
}

Result<DocSet> evaluate_within(const Tree& tree, const store::Segment& segment,
                               const DocSet& within, const Deadline& deadline) {
  SegmentAccess access(segment, deadline);
  auto bounds = Evaluator(access).bounds(tree, within);
  if (!bounds) return tl::unexpected(bounds.error());
  const auto confirmed = verified(tree, bounds->possible - bounds->sure, access);
  if (!confirmed) return tl::unexpected(confirmed.error());
  DocSet docs = std::move(bounds->sure) | *confirmed;
  if (const auto deleted = segment.deleted(); !deleted.empty()) docs -= DocSet(deleted);
  return docs;
}

InTime covering_time(const Tree& tree) {
  if (const auto* time = std::get_if<InTime>(&tree.kind)) return *time;
  InTime covering;
  if (const auto* all = std::get_if<AllOf>(&tree.kind)) {
    for (const Tree& child : all->children) {
      covering = intersection(covering, covering_time(child));
    }
  }
  return covering;
}

InTime intersection(const InTime& a, const InTime& b) {
  InTime both = a;
  if (b.from && (!both.from || *b.from > *both.from)) both.from = b.from;
  if (b.to && (!both.to || *b.to < *both.to)) both.to = b.to;
  return both;
}

}  // namespace trailsift::query
