#include "query/score.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>

#include "query/evaluate.h"
#include "query/find_hits.h"
#include "query/score_times.h"

namespace trailsift::query {
namespace {

using Node = ScorePlan::Node;
using PieceTotal = store::Column::PieceTotal;

// Boosts of groups inside each other multiply; sums of such scores are finite, as floats too.
constexpr double kMaxScore = 1e30;

/// The text field that is a column in which the condition looks for words.
std::optional<FieldIndex> text_column(const Tree& tree) {
  std::optional<FieldIndex> field;
  if (const auto* phrase = std::get_if<Phrase>(&tree.kind)) field = phrase->field;
  if (const auto* near = std::get_if<Near>(&tree.kind)) field = near->field;
  return field && field_at(*field).column && !field_at(*field).multi ? field : std::nullopt;
}

/// What one segment adds to the figures.
struct Counts {
  std::vector<std::uint64_t> with;  ///< One for each condition.
  std::map<FieldIndex, PieceTotal> lengths;
};

Result<Counts> count_in(const store::Segment& segment, const ScorePlan& plan,
                        const Deadline& deadline) {
  Counts counts;
  for (const ScorePlan::Condition& condition : plan.conditions) {
    counts.with.push_back(0);
    if (!condition.weighted) continue;
    if (auto in_time = deadline.check(); !in_time) return tl::unexpected(in_time.error());
    const auto docs = evaluate(condition.tree, segment, {}, deadline);
    if (!docs) return tl::unexpected(docs.error());
    counts.with.back() = docs->count();
    const auto field = text_column(condition.tree);
    if (!field || counts.lengths.contains(*field)) continue;
    const auto column = segment.column(*field);
    if (!column) return tl::unexpected(column.error());
    if (*column == nullptr) continue;
    PieceTotal total = (*column)->piece_total();
    const PieceTotal gone = (*column)->piece_total(segment.deleted());
    total.documents -= gone.documents;
    total.pieces -= gone.pieces;
    counts.lengths[*field] = total;
  }
  return counts;
}

double average(const PieceTotal& total) {
  if (total.documents == 0) return 0;
  return static_cast<double>(total.pieces) / static_cast<double>(total.documents);
}

/// One condition for the documents of one segment.
class SegmentWeights {
 public:
  SegmentWeights(const ScorePlan::Condition& condition, const Bm25& weight)
      : condition_(condition), weight_(weight) {}

  Result<void> open(const store::Segment& segment, const DocSet& docs, const Deadline& deadline) {
    if (!condition_.certain) {
      auto met = evaluate_within(condition_.tree, segment, docs, deadline);
      if (!met) return tl::unexpected(met.error());
      met_ = std::move(*met);
    }
    const auto field = condition_.weighted ? text_column(condition_.tree) : std::nullopt;
    if (!field) return {};
    const auto column = segment.column(*field);
    if (!column) return tl::unexpected(column.error());
    column_ = *column;
    return {};
  }

  /// nullopt: the document does not meet it.
  std::optional<double> of(DocId doc) {
    if (!condition_.certain && !met_.contains(doc)) return std::nullopt;
    if (!condition_.weighted) return 1;
    if (column_ == nullptr) return weight_.weight();
    const auto [known, added] = by_ordinal_.emplace(column_->ordinal(doc), 0);
    if (added) known->second = of_value(known->first);
    return known->second;
  }

 private:
  double of_value(std::uint32_t ordinal) const {
    const auto ranks = column_->ranks(ordinal);
    if (ranks.empty()) return 0;
    const auto [times, length] = times_in(column_->value(ranks.front()), condition_.tree);
    return weight_.weight(times, length);
  }

  const ScorePlan::Condition& condition_;
  const Bm25& weight_;
  DocSet met_;
  const store::Column* column_ = nullptr;  // Of the texts, where these count.
  std::unordered_map<std::uint32_t, double> by_ordinal_;
};

/// Adds up for one document after the other.
class Sum {
 public:
  explicit Sum(std::vector<SegmentWeights>& weights) : weights_(weights) {}

  /// nullopt: the document does not meet the part.
  std::optional<double> of(const Node& node, DocId doc) {
    const auto score = of_kind(node, doc);
    return score ? std::optional(std::min(*score * node.boost, kMaxScore)) : std::nullopt;
  }

 private:
  std::optional<double> of_kind(const Node& node, DocId doc) {
    switch (node.op) {
      case Node::Op::always: return 0;
      case Node::Op::never: return std::nullopt;
      case Node::Op::condition: return weights_[node.condition].of(doc);
      case Node::Op::all_of: return all_of(node, doc);
      case Node::Op::any_of: return any_of(node, doc);
      case Node::Op::none_of:
        return of(node.children.front(), doc) ? std::nullopt : std::optional(0.0);
      case Node::Op::constant:
        return of(node.children.front(), doc) ? std::optional(1.0) : std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<double> all_of(const Node& node, DocId doc) {
    double sum = 0;
    for (const Node& child : node.children) {
      const auto score = of(child, doc);
      if (!score) return std::nullopt;
      sum += *score;
    }
    return sum;
  }

  std::optional<double> any_of(const Node& node, DocId doc) {
    std::optional<double> best;
    double sum = 0;
    for (const Node& child : node.children) {
      const auto score = of(child, doc);
      if (!score) continue;
      best = std::max(best.value_or(0), *score);
      sum += *score;
    }
    if (!best) return std::nullopt;
    return *best + node.tie * (sum - *best);
  }

  std::vector<SegmentWeights>& weights_;
};

}  // namespace

Result<Scorer> Scorer::make(const Tree& query, const store::Snapshot& snapshot, const Help& help,
                            const Deadline& deadline, std::uint64_t most_bits) {
  auto plan = plan_score(query);
  if (!plan) return tl::unexpected(plan.error());
  const auto& segments = snapshot.segments;
  std::vector<Counts> counts(segments.size());
  const auto count = [&](std::size_t i) -> Result<void> {
    auto counted = count_in(*segments[i], *plan, deadline);
    if (!counted) return tl::unexpected(counted.error());
    counts[i] = std::move(*counted);
    return {};
  };
  const std::uint64_t events = snapshot.events();
  if (auto done = run_all(segments.size(), events, help, count); !done) {
    return tl::unexpected(done.error());
  }
  std::map<FieldIndex, PieceTotal> lengths;
  for (const Counts& one : counts) {
    for (const auto& [field, total] : one.lengths) {
      lengths[field].documents += total.documents;
      lengths[field].pieces += total.pieces;
    }
  }
  Scorer scorer(std::move(*plan), most_bits);
  for (std::size_t i = 0; i < scorer.plan_.conditions.size(); ++i) {
    std::uint64_t with = 0;
    for (const Counts& one : counts) with += one.with[i];
    const auto field = text_column(scorer.plan_.conditions[i].tree);
    scorer.weights_.emplace_back(events, with, field ? average(lengths[*field]) : 0);
  }
  return scorer;
}

Result<std::vector<double>> Scorer::scores(const store::Segment& segment, const DocSet& docs,
                                           const Deadline& deadline) const {
  std::vector<double> scores;
  scores.reserve(docs.count());
  const DocRange span = docs.span();
  const std::uint64_t conditions = std::max<std::uint64_t>(plan_.conditions.size(), 1);
  // Sets of few documents are lists.
  constexpr std::uint64_t kListBits = 32;
  const bool at_once = docs.count() * kListBits * conditions <= most_bits_;
  const std::uint64_t width =
      at_once ? segment.size() : std::max<std::uint64_t>(most_bits_ / conditions, 1);
  for (std::uint64_t begin = span.begin; begin < span.end; begin += width) {
    const auto end = static_cast<DocId>(std::min<std::uint64_t>(begin + width, span.end));
    const DocSet part = docs & DocSet(DocRange{static_cast<DocId>(begin), end});
    if (part.empty()) continue;
    if (auto added = add_scores(segment, part, deadline, scores); !added) {
      return tl::unexpected(added.error());
    }
  }
  return scores;
}

Result<void> Scorer::add_scores(const store::Segment& segment, const DocSet& docs,
                                const Deadline& deadline, std::vector<double>& scores) const {
  std::vector<SegmentWeights> weights;
  weights.reserve(plan_.conditions.size());
  for (std::size_t i = 0; i < plan_.conditions.size(); ++i) {
    if (auto in_time = deadline.check(); !in_time) return tl::unexpected(in_time.error());
    weights.emplace_back(plan_.conditions[i], weights_[i]);
    if (auto opened = weights.back().open(segment, docs, deadline); !opened) {
      return tl::unexpected(opened.error());
    }
  }
  Sum sum(weights);
  DocBlocks blocks(docs);
  for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
    if (auto in_time = deadline.check(); !in_time) return tl::unexpected(in_time.error());
    for (const DocId doc : block) scores.push_back(sum.of(plan_.root, doc).value_or(0));
  }
  return {};
}

}  // namespace trailsift::query
