#include "query/value_search.h"

#include <utility>

#include "schema/field.h"
#include "schema/flatten.h"
#include "store/terms.h"

namespace trailsift::query {
namespace {

/// The documents of `within` with a leaf at the path that the column of a field holds and whose
/// text passes.
Result<DocSet> held_by_column(const LeafPath& leaf, const TextTest& passes, const DocSet& within,
                              const SegmentAccess& access) {
  const auto field = field_of_path(leaf.path);
  if (!field || *field == event_time_field()) return DocSet();
  const auto column = access.segment().column(*field);
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr) return DocSet();
  return with_text(**column, all_ranks(**column), passes, within, access);
}

}  // namespace

RankRange ranks_with_prefix(const store::Column& column, std::string_view prefix) {
  RankRange range{column.lower_bound(prefix), column.value_count()};
  std::uint32_t begin = range.begin;
  while (begin < range.end) {
    const std::uint32_t middle = begin + (range.end - begin) / 2;
    if (column.value(middle).starts_with(prefix)) {
      begin = middle + 1;
    } else {
      range.end = middle;
    }
  }
  return range;
}

RankRange all_ranks(const store::Column& column) {
  return {0, column.value_count()};
}

Result<std::vector<std::uint32_t>> ranks_with_text(const store::Column& column, RankRange range,
                                                   const TextTest& passes,
                                                   const Deadline& deadline) {
  constexpr std::uint32_t kRanksPerCheck = 1U << 12U;
  std::vector<std::uint32_t> ranks;
  for (store::Dictionary::Cursor at(column.dictionary(), range.begin);
       !at.at_end() && at.rank() < range.end; at.next()) {
    if (passes(at.value())) ranks.push_back(at.rank());
    if (at.rank() % kRanksPerCheck != 0) continue;
    if (const auto in_time = deadline.check(); !in_time) return tl::unexpected(in_time.error());
  }
  return ranks;
}

Result<DocSet> with_text(const store::Column& column, RankRange range, const TextTest& passes,
                         const DocSet& within, const SegmentAccess& access) {
  if (within.count() < range.end - range.begin) {
    return access.with_rank(column, within, [&](std::uint32_t rank) {
      return range.begin <= rank && rank < range.end && passes(column.value(rank));
    });
  }
  const auto ranks = ranks_with_text(column, range, passes, access.deadline());
  if (!ranks) return tl::unexpected(ranks.error());
  return access.with_ranks(column, within, *ranks);
}

bool is_time(const LeafPath& leaf) {
  const auto field = field_of_path(leaf.path);
  return field && *field == event_time_field();
}

Result<DocSet> told_by_record(const LeafPath& leaf, const DocSet& within, SegmentAccess& access) {
  if (is_time(leaf)) return within;
  const auto docs = access.with_term(store::rare_term(leaf.path));
  if (!docs) return tl::unexpected(docs.error());
  return *docs & within;
}

Result<Bounds> add_held(const LeafPath& leaf, const TextTest& passes, Bounds bounds,
                        const DocSet& within, const SegmentAccess& access) {
  const auto held = held_by_column(leaf, passes, within - bounds.sure, access);
  if (!held) return tl::unexpected(held.error());
  bounds.sure |= *held;
  bounds.possible |= *held;
  return bounds;
}

Result<Bounds> add_told(const LeafPath& leaf, Bounds bounds, const DocSet& within,
                        SegmentAccess& access) {
  const auto told = told_by_record(leaf, within - bounds.sure, access);
  if (!told) return tl::unexpected(told.error());
  bounds.possible |= *told;
  return bounds;
}

LeafJudge::LeafJudge(const LeafPath& leaf, const TextTest& passes) : passes_(passes) {
  const auto path = store::leaf_term_prefix(leaf.path, "");
  head_ = path.head.size();
  exact_ = path.exact;
}

LeafJudge::Verdict LeafJudge::operator()(std::string_view term) const {
  if (!exact_ || store::is_hashed(term)) return Verdict::possible;
  return passes_(term.substr(head_)) ? Verdict::sure : Verdict::no;
}

}  // namespace trailsift::query
