#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "query/bm25.h"
#include "query/deadline.h"
#include "query/docset.h"
#include "query/score_plan.h"
#include "query/search.h"
#include "query/tree.h"
#include "schema/error.h"
#include "store/store.h"

namespace trailsift::query {

/// How well events answer a query. A word or a value weighs by Bm25 over all events of the
/// database, whichever segments they are in: in how many of them it is; in a text field that is a
/// column, also how often it stands in the event's text and how long that is. Parts of the record,
/// such as raw, have neither frequencies nor lengths in the index, so there a word counts once. The
/// parts of `and` add up, and those of `or` as far as an event meets them (AnyOf::tie); boosts
/// multiply. docs/queries.md tells it to users. Any thread.
class Scorer {
 public:
  /// What scores() may keep at a time of which documents meet which conditions: 64 MB.
  static constexpr std::uint64_t kMostBits = std::uint64_t{1} << 29U;

  /// Counts what the weights depend on, in all of the snapshot; needs time like a query for each
  /// condition. Borrows the snapshot. too_large beyond kMaxScoredConditions.
  static Result<Scorer> make(const Tree& query, const store::Snapshot& snapshot, const Help& help,
                             const Deadline& deadline, std::uint64_t most_bits = kMostBits);

  /// The scores of documents that answer the query, in their order. The same whatever the segments
  /// are and whichever documents are asked for with them.
  Result<std::vector<double>> scores(const store::Segment& segment, const DocSet& docs,
                                     const Deadline& deadline) const;

 private:
  Scorer(ScorePlan plan, std::uint64_t most_bits) : plan_(std::move(plan)), most_bits_(most_bits) {}
  Result<void> add_scores(const store::Segment& segment, const DocSet& docs,
                          const Deadline& deadline, std::vector<double>& scores) const;

  ScorePlan plan_;
  std::uint64_t most_bits_;
  std::vector<Bm25> weights_;  // One for each condition.
};

}  // namespace trailsift::query
