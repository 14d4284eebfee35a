#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "query/deadline.h"
#include "query/docset.h"
#include "schema/error.h"
#include "schema/field.h"
#include "store/segment.h"

namespace trailsift::query {

/// What is known about the documents that match, before a record has been looked at.
struct Bounds {
  DocSet sure;      ///< These match.
  DocSet possible;  ///< No other ones match. A superset of `sure`.
};

/// Nothing is left open.
Bounds exactly(DocSet docs);

/// A half-open range of the ranks of a column's values.
struct RankRange {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// The ways to find documents in one segment. One thread; borrows what it was made of.
class SegmentAccess {
 public:
  SegmentAccess(const store::Segment& segment, const Deadline& deadline)
      : segment_(segment), deadline_(deadline) {}

  const store::Segment& segment() const { return segment_; }
  const Deadline& deadline() const { return deadline_; }

  /// How many documents have the term.
  Result<std::uint32_t> frequency(const std::string& term);

  /// The documents that have the term.
  Result<DocSet> with_term(const std::string& term);

  /// Of `within`, the documents of those terms that begin with `head`, as `judge` says of each
  /// term: whether its documents match, may match, or are not concerned. Terms that cannot change
  /// the answer any more are left out.
  enum class Verdict : std::uint8_t { no, possible, sure };
  using JudgeTerm = std::function<Verdict(std::string_view term)>;
  Result<Bounds> with_terms(const std::string& head, const DocSet& within, const JudgeTerm& judge);

  /// The documents of `within` with a value whose rank `accepts` takes. It is asked at most once
  /// for each rank of each distinct ordinal, and when `within` has few documents only for those
  /// that occur.
  using AcceptRank = std::function<bool(std::uint32_t rank)>;
  Result<DocSet> with_rank(const store::Column& column, const DocSet& within,
                           const AcceptRank& accepts) const;

  /// The documents of `within` with a value whose rank is one of `ranks`, which ascend.
  Result<DocSet> with_ranks(const store::Column& column, const DocSet& within,
                            std::span<const std::uint32_t> ranks) const;

  /// The documents of `within` with a value whose rank lies in the range.
  Result<DocSet> with_rank(const store::Column& column, const DocSet& within,
                           RankRange range) const;

 private:
  Result<store::TermReader*> terms();

  const store::Segment& segment_;
  const Deadline& deadline_;
  std::shared_ptr<store::TermReader> terms_;  // Leased at first use.
};

}  // namespace trailsift::query
