#pragma once

#include <string_view>
#include <vector>

#include "query/docset.h"
#include "query/segment_access.h"
#include "query/tree.h"
#include "query/words.h"
#include "schema/error.h"

namespace trailsift::query {

/// Ways to find documents by the text of their values, which the conditions on values share.

/// The ranks of the values that begin with `prefix`, in a dictionary in byte order.
RankRange ranks_with_prefix(const store::Column& column, std::string_view prefix);

RankRange all_ranks(const store::Column& column);

/// Those ranks of the range whose values pass, ascending.
Result<std::vector<std::uint32_t>> ranks_with_text(const store::Column& column, RankRange range,
                                                   const TextTest& passes,
                                                   const Deadline& deadline);

/// The documents of `within` with a value whose rank lies in the range and whose text passes.
Result<DocSet> with_text(const store::Column& column, RankRange range, const TextTest& passes,
                         const DocSet& within, const SegmentAccess& access);

/// Whether the path is that of the event time, which is in every record and has no dictionary.
bool is_time(const LeafPath& leaf);

/// Of `within`, the documents with a rare leaf at the path: its value is in the record alone. The
/// same goes for the event time.
Result<DocSet> told_by_record(const LeafPath& leaf, const DocSet& within, SegmentAccess& access);

/// Adds the documents with a leaf that a column holds to those that the terms of leaves tell.
Result<Bounds> add_held(const LeafPath& leaf, const TextTest& passes, Bounds bounds,
                        const DocSet& within, const SegmentAccess& access);

/// Adds the documents whose record has to tell.
Result<Bounds> add_told(const LeafPath& leaf, Bounds bounds, const DocSet& within,
                        SegmentAccess& access);

/// What a term of a leaf at the path tells of a condition on values; of one that ends in a hash the
/// record has to tell.
class LeafJudge {
 public:
  using Verdict = SegmentAccess::Verdict;

  /// Borrows the test.
  LeafJudge(const LeafPath& leaf, const TextTest& passes);
  Verdict operator()(std::string_view term) const;

 private:
  std::size_t head_;
  bool exact_;
  const TextTest& passes_;
};

}  // namespace trailsift::query
