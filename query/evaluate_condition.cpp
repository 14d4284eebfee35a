#include "query/evaluate_condition.h"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "query/loose_words.h"
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

/// The ranks of the values that begin with `prefix`, in a dictionary in byte order.
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

bool is_in_byte_order(FieldIndex index) {
  const FieldType type = field_at(index).type;
  return type != FieldType::integer && type != FieldType::time;
}

RankRange all_ranks(const store::Column& column) {
  return {0, column.value_count()};
}

/// The documents of `within` with a value whose rank lies in the range and whose text passes.
Result<DocSet> with_text(const store::Column& column, RankRange range, const TextTest& passes,
                         const DocSet& within, const SegmentAccess& access) {
  if (within.count() < range.end - range.begin) {
    return access.with_rank(column, within, [&](std::uint32_t rank) {
      return range.begin <= rank && rank < range.end && passes(column.value(rank));
    });
  }
  constexpr std::uint32_t kRanksPerCheck = 1U << 12U;
  std::vector<std::uint32_t> ranks;
  for (store::Dictionary::Cursor at(column.dictionary(), range.begin);
       !at.at_end() && at.rank() < range.end; at.next()) {
    if (passes(at.value())) ranks.push_back(at.rank());
    if (at.rank() % kRanksPerCheck != 0) continue;
    if (const auto in_time = access.deadline().check(); !in_time) {
      return tl::unexpected(in_time.error());
    }
  }
  return access.with_ranks(column, within, ranks);
}

Result<Bounds> field_starts_with(const store::Column& column, FieldIndex index,
                                 std::string_view prefix, const DocSet& within,
                                 SegmentAccess& access) {
  if (is_in_byte_order(index)) {
    return in_ranks(column, ranks_with_prefix(column, prefix), within, access);
  }
  const auto begins_so = [&](std::string_view text) { return text.starts_with(prefix); };
  auto docs = with_text(column, all_ranks(column), begins_so, within, access);
  if (!docs) return tl::unexpected(docs.error());
  return exactly(std::move(*docs));
}

using Verdict = SegmentAccess::Verdict;

bool lies_between(std::string_view value, const Between& between) {
  const auto& [target, low, high] = between;
  const bool above = !low || value > low->value || (low->inclusive && value == low->value);
  const bool below = !high || value < high->value || (high->inclusive && value == high->value);
  return above && below;
}

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

bool is_time(const LeafPath& leaf) {
  const auto field = field_of_path(leaf.path);
  return field && *field == event_time_field();
}

/// Of `within`, the documents with a rare leaf at the path: its value is in the record alone. The
/// same goes for the event time, which has no dictionary.
Result<DocSet> told_by_record(const LeafPath& leaf, const DocSet& within, SegmentAccess& access) {
  if (is_time(leaf)) return within;
  const auto docs = access.with_term(store::rare_term(leaf.path));
  if (!docs) return tl::unexpected(docs.error());
  return *docs & within;
}

/// Adds the documents with a leaf that a column holds to those that the terms of leaves tell.
Result<Bounds> add_held(const LeafPath& leaf, const TextTest& passes, Bounds bounds,
                        const DocSet& within, const SegmentAccess& access) {
  const auto held = held_by_column(leaf, passes, within - bounds.sure, access);
  if (!held) return tl::unexpected(held.error());
  bounds.sure |= *held;
  bounds.possible |= *held;
  return bounds;
}

/// Adds the documents whose record has to tell.
Result<Bounds> add_told(const LeafPath& leaf, Bounds bounds, const DocSet& within,
                        SegmentAccess& access) {
  const auto told = told_by_record(leaf, within - bounds.sure, access);
  if (!told) return tl::unexpected(told.error());
  bounds.possible |= *told;
  return bounds;
}

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

/// Values that end in a hash are left to their records.
Result<Bounds> leaf_like(const LeafPath& leaf, const Wildcard& pattern, const DocSet& within,
                         SegmentAccess& access) {
  const auto path = store::leaf_term_prefix(leaf.path, "");
  const auto judge = [&](std::string_view term) {
    if (!path.exact || store::is_hashed(term)) return Verdict::possible;
    return pattern.matches(term.substr(path.head.size())) ? Verdict::sure : Verdict::no;
  };
  const auto is_like = [&](std::string_view text) { return pattern.matches(text); };
  return leaf_passes(leaf, pattern.head(), judge, is_like, within, access);
}

/// Walks the values of the path; those that end in a hash are left to their records.
Result<Bounds> leaf_between(const LeafPath& leaf, const Between& between, const DocSet& within,
                            SegmentAccess& access) {
  const auto terms = store::leaf_term_prefix(leaf.path, "");
  const auto judge = [&](std::string_view term) {
    if (!terms.exact || store::is_hashed(term)) return Verdict::possible;
    return lies_between(term.substr(terms.head.size()), between) ? Verdict::sure : Verdict::no;
  };
  auto bounds = access.with_terms(terms.head, within, judge);
  if (!bounds) return bounds;
  const auto lies = [&](std::string_view text) { return lies_between(text, between); };
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

Result<Bounds> evaluate_condition(const Like& like, const DocSet& within, SegmentAccess& access) {
  if (const auto* leaf = std::get_if<LeafPath>(&like.target)) {
    return leaf_like(*leaf, like.pattern, within, access);
  }
  const FieldIndex index = std::get<FieldIndex>(like.target);
  const auto is_like = [&](std::string_view text) { return like.pattern.matches(text); };
  if (index == event_time_field()) {
    auto docs = with_time_text(is_like, within, access);
    if (!docs) return tl::unexpected(docs.error());
    return exactly(std::move(*docs));
  }
  const auto column = access.segment().column(index);
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr) return Bounds{};
  const RankRange ranks = is_in_byte_order(index) ? ranks_with_prefix(**column, like.pattern.head())
                                                  : all_ranks(**column);
  auto docs = with_text(**column, ranks, is_like, within, access);
  if (!docs) return tl::unexpected(docs.error());
  return exactly(std::move(*docs));
}

Result<Bounds> evaluate_condition(const Between& between, const DocSet& within,
                                  SegmentAccess& access) {
  const auto& [target, low, high] = between;
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
