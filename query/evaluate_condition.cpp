#include "query/evaluate_condition.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "query/evaluate_filter.h"
#include "query/holds.h"
#include "query/loose_words.h"
#include "query/value_search.h"
#include "schema/field.h"
#include "schema/flatten.h"
#include "schema/time.h"
#include "store/terms.h"

namespace trailsift::query {
namespace {

/// The rank of exactly these bytes, not of a value that merely sorts with them.
std::optional<std::uint32_t> rank_of(const store::Column& column, std::string_view value) {
  const auto rank = column.find(value);
  if (!rank || column.value(*rank) != value) return std::nullopt;
  return rank;
}

Result<Bounds> in_time(const InTime& time, const DocSet& within, SegmentAccess& access) {
  const auto range = documents_in(access.segment(), time);
  if (!range) return tl::unexpected(range.error());
  return exactly(DocSet(*range) & within);
}

Result<Bounds> in_ranks(const store::Column& column, RankRange range, const DocSet& within,
                        SegmentAccess& access) {
  if (range.begin >= range.end) return Bounds{};
  auto docs = access.with_rank(column, within, range);
  if (!docs) return tl::unexpected(docs.error());
  return exactly(std::move(*docs));
}

Result<Bounds> equal_field(FieldIndex index, const std::string& value, const DocSet& within,
                           SegmentAccess& access) {
  const auto column = access.segment().column(index);
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr) return Bounds{};
  const auto rank = rank_of(**column, value);
  if (!rank) return Bounds{};
  return in_ranks(**column, {*rank, *rank + 1}, within, access);
}

Result<Bounds> field_starts_with(const store::Column& column, FieldIndex index,
                                 std::string_view prefix, const DocSet& within,
                                 SegmentAccess& access) {
  if (sorts_by_bytes(field_at(index).type)) {
    return in_ranks(column, ranks_with_prefix(column, prefix), within, access);
  }
  const auto begins_so = [&](std::string_view text) { return text.starts_with(prefix); };
  auto docs = with_text(column, all_ranks(column), begins_so, within, access);
  if (!docs) return tl::unexpected(docs.error());
  return exactly(std::move(*docs));
}

using Verdict = SegmentAccess::Verdict;

Result<Bounds> leaf_equals(const LeafPath& leaf, const std::string& value, const DocSet& within,
                           SegmentAccess& access) {
  const auto docs = access.with_term(store::leaf_term(leaf.path, value));
  if (!docs) return tl::unexpected(docs.error());
  const auto is_value = [&](std::string_view text) { return text == value; };
  auto bounds = add_held(leaf, is_value, exactly(*docs & within), within, access);
  if (!bounds || is_time(leaf)) return bounds ? add_told(leaf, *bounds, within, access) : bounds;
  // The pieces of a value lead to fewer records than its path.
  const auto told = told_by_record(leaf, within - bounds->sure, access);
  if (!told) return tl::unexpected(told.error());
  if (told->empty()) return bounds;
  const auto candidates = with_rare_value(value, *told, access);
  if (!candidates) return tl::unexpected(candidates.error());
  bounds->possible |= *candidates;
  return bounds;
}

/// The documents with a leaf at the path whose value begins with `head` and passes; `judge` says of
/// a term with that head what it tells.
Result<Bounds> leaf_passes(const LeafPath& leaf, const std::string& head,
                           const SegmentAccess::JudgeTerm& judge, const TextTest& passes,
                           const DocSet& within, SegmentAccess& access) {
  auto bounds = access.with_terms(store::leaf_term_prefix(leaf.path, head).head, within, judge);
  if (!bounds) return bounds;
  bounds = add_held(leaf, passes, std::move(*bounds), within, access);
  if (!bounds || is_time(leaf)) return bounds ? add_told(leaf, *bounds, within, access) : bounds;
  const auto told = told_by_record(leaf, within - bounds->sure, access);
  if (!told) return tl::unexpected(told.error());
  if (told->empty()) return bounds;
  const auto candidates = with_rare_beginning(head, *told, access);
  if (!candidates) return tl::unexpected(candidates.error());
  bounds->possible |= *candidates;
  return bounds;
}

Result<Bounds> leaf_starts_with(const LeafPath& leaf, const std::string& prefix,
                                const DocSet& within, SegmentAccess& access) {
  const bool exact = store::leaf_term_prefix(leaf.path, prefix).exact;
  const auto judge = [exact](std::string_view) {
    return exact ? Verdict::sure : Verdict::possible;
  };
  const auto begins_so = [&](std::string_view text) { return text.starts_with(prefix); };
  return leaf_passes(leaf, prefix, judge, begins_so, within, access);
}

/// Walks the values of the path.
Result<Bounds> leaf_between(const LeafPath& leaf, const Between& between, const DocSet& within,
                            SegmentAccess& access) {
  const auto terms = store::leaf_term_prefix(leaf.path, "");
  const TextTest lies = [&](std::string_view text) { return lies_between(text, between); };
  auto bounds = access.with_terms(terms.head, within, LeafJudge(leaf, lies));
  if (!bounds) return bounds;
  bounds = add_held(leaf, lies, std::move(*bounds), within, access);
  if (bounds) bounds = add_told(leaf, std::move(*bounds), within, access);
  // Any value will do, and these have one.
  if (bounds && terms.exact && !between.low && !between.high) bounds->sure = bounds->possible;
  return bounds;
}

}  // namespace

Result<Bounds> evaluate_condition(const InTime& time, const DocSet& within, SegmentAccess& access) {
  return in_time(time, within, access);
}

Result<Bounds> evaluate_condition(const Equals& equals, const DocSet& within,
                                  SegmentAccess& access) {
  if (equals.letters == LetterCase::any) return evaluate_any_case(equals, within, access);
  if (const auto* leaf = std::get_if<LeafPath>(&equals.target)) {
    return leaf_equals(*leaf, equals.value, within, access);
  }
  const FieldIndex index = std::get<FieldIndex>(equals.target);
  if (index != event_time_field()) return equal_field(index, equals.value, within, access);
  const auto time = time_between(Between::Bound{equals.value}, Between::Bound{equals.value});
  if (!time) return tl::unexpected(time.error());
  return in_time(*time, within, access);
}

Result<Bounds> evaluate_condition(const StartsWith& starts_with, const DocSet& within,
                                  SegmentAccess& access) {
  const std::string& prefix = starts_with.prefix;
  if (const auto* leaf = std::get_if<LeafPath>(&starts_with.target)) {
    return leaf_starts_with(*leaf, prefix, within, access);
  }
  const FieldIndex index = std::get<FieldIndex>(starts_with.target);
  if (index == event_time_field()) {
    auto docs = with_time_text([&](std::string_view text) { return text.starts_with(prefix); },
                               within, access);
    if (!docs) return tl::unexpected(docs.error());
    return exactly(std::move(*docs));
  }
  const auto column = access.segment().column(index);
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr) return Bounds{};
  return field_starts_with(**column, index, prefix, within, access);
}

Result<Bounds> evaluate_condition(const Between& between, const DocSet& within,
                                  SegmentAccess& access) {
  const auto& [target, low, high, by_number] = between;
  if (const auto* leaf = std::get_if<LeafPath>(&target)) {
    return leaf_between(*leaf, between, within, access);
  }
  const FieldIndex index = std::get<FieldIndex>(target);
  if (index == event_time_field()) {
    const auto time = time_between(low, high);
    if (!time) return tl::unexpected(time.error());
    return in_time(*time, within, access);
  }
  const auto column = access.segment().column(index);
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr) return Bounds{};
  return in_ranks(**column, ranks_between(**column, low, high), within, access);
}

Result<DocSet> with_time_text(const TextTest& passes, const DocSet& within, SegmentAccess& access) {
  std::vector<DocId> docs;
  // Neighbours often have the same time.
  std::optional<Timestamp> last;
  bool last_passes = false;
  DocBlocks blocks(within);
  for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
    if (const auto in_time = access.deadline().check(); !in_time) {
      return tl::unexpected(in_time.error());
    }
    for (const DocId doc : block) {
      const auto time = access.segment().time(doc);
      if (!time) return tl::unexpected(time.error());
      if (last != *time) last_passes = passes(format_time(*time));
      last = *time;
      if (last_passes) docs.push_back(doc);
    }
  }
  return DocSet(docs);
}

Result<std::uint64_t> cost_of(const Equals& equals, SegmentAccess& access) {
  if (equals.letters == LetterCase::any) return access.segment().size();
  if (const auto* leaf = std::get_if<LeafPath>(&equals.target)) {
    const auto documents = access.frequency(store::leaf_term(leaf->path, equals.value));
    if (!documents) return tl::unexpected(documents.error());
    const auto rare = access.frequency(store::rare_term(leaf->path));
    if (!rare) return tl::unexpected(rare.error());
    return *documents + *rare;
  }
  const FieldIndex index = std::get<FieldIndex>(equals.target);
  if (index == event_time_field()) return 0;
  const auto column = access.segment().column(index);
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr || !rank_of(**column, equals.value)) return 0;
  // The more values a column has, the fewer documents have this one.
  return access.segment().size() / (*column)->value_count();
}

Result<InTime> time_between(const std::optional<Between::Bound>& low,
                            const std::optional<Between::Bound>& high) {
  constexpr std::chrono::milliseconds kTick{1};
  InTime range;
  if (low) {
    const auto time = parse_time(low->value);
    if (!time) return tl::unexpected(time.error());
    range.from = low->inclusive ? *time : *time + kTick;
  }
  if (high) {
    const auto time = parse_time(high->value);
    if (!time) return tl::unexpected(time.error());
    range.to = high->inclusive ? *time + kTick : *time;
  }
  return range;
}

Result<DocRange> documents_in(const store::Segment& segment, const InTime& range) {
  if (range.from && range.to && *range.from >= *range.to) return DocRange{};
  if (range.from && *range.from > segment.newest()) return DocRange{};
  if (range.to && *range.to <= segment.oldest()) return DocRange{};
  return segment.in_time(range.from, range.to);
}

RankRange ranks_between(const store::Column& column, const std::optional<Between::Bound>& low,
                        const std::optional<Between::Bound>& high) {
  const auto rank = [&](const Between::Bound& bound, bool after) {
    const std::uint32_t first = column.lower_bound(bound.value);
    return after && column.find(bound.value) ? first + 1 : first;
  };
  RankRange range{0, column.value_count()};
  if (low) range.begin = rank(*low, !low->inclusive);
  if (high) range.end = rank(*high, high->inclusive);
  if (range.begin > range.end) range.end = range.begin;
  return range;
}

}  // namespace trailsift::query
