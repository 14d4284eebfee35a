#include "query/facets.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <utility>
#include <variant>

#include "query/evaluate_condition.h"
#include "query/folded.h"
#include "query/overloaded.h"
#include "query/top_values.h"
#include "schema/field.h"

namespace trailsift::query {
namespace {

/// The column of the facet's field with the hits per ordinal in one segment; entry 0 counts those
/// without a value.
struct SegmentCounts {
  const store::Column* column = nullptr;  ///< Null when no document has a value.
  std::vector<std::uint32_t> by_ordinal;
};

std::vector<std::uint32_t> counted(const store::Column& column, const DocSet& docs) {
  std::vector<std::uint32_t> counts(column.ordinal_count());
  std::visit(Overloaded{
                 [&](const DocRange& range) { column.count(range, counts); },
                 [&](const DocSet::List& list) { column.count(std::span(list), counts); },
                 [&](const DocBits& bits) { column.count(bits.begin(), bits.words(), counts); },
             },
             docs.form());
  return counts;
}

/// Where most documents are hits, the others are counted and taken from the column's totals.
std::vector<std::uint32_t> counted(const store::Column& column, const SegmentHits& hits) {
  const DocId size = hits.segment->size();
  if (hits.docs.count() <= size / 2) return counted(column, hits.docs);
  const auto totals = column.totals();
  if (totals.empty()) return counted(column, hits.docs);
  std::vector<std::uint32_t> counts(totals.begin(), totals.end());
  if (hits.docs.count() == size) return counts;
  const auto others = counted(column, complement(hits.docs, size));
  std::ranges::transform(counts, others, counts.begin(), std::minus());
  return counts;
}

Result<SegmentCounts> count_ordinals(FieldIndex field, const SegmentHits& hits,
                                     const Deadline& deadline) {
  if (const auto in_time = deadline.check(); !in_time) return tl::unexpected(in_time.error());
  const auto column = hits.segment->column(field);
  if (!column) return tl::unexpected(column.error());
  if (*column != nullptr) return SegmentCounts{*column, counted(**column, hits)};
  return SegmentCounts{nullptr, {static_cast<std::uint32_t>(hits.docs.count())}};
}

/// Hits per rank. A tuple has no repeats, so a document counts once for each of its values.
std::vector<std::uint32_t> by_rank(const SegmentCounts& counts) {
  const auto& [column, by_ordinal] = counts;
  if (!column->has_tuples()) return {by_ordinal.begin() + 1, by_ordinal.end()};
  std::vector<std::uint32_t> ranks(column->value_count());
  for (std::uint32_t ordinal = 1; ordinal < by_ordinal.size(); ++ordinal) {
    if (by_ordinal[ordinal] == 0) continue;
    for (const std::uint32_t rank : column->ranks(ordinal)) ranks[rank] += by_ordinal[ordinal];
  }
  return ranks;
}

/// The values of one segment that have hits and are asked for, in ascending order.
class HitValues {
 public:
  HitValues(const SegmentCounts& counts, std::string_view containing)
      : counts_(by_rank(counts)), cursor_(counts.column->dictionary()), containing_(containing) {
    find(0);
  }

  bool at_end() const { return rank_ == counts_.size(); }
  std::string_view value() const { return cursor_.value(); }
  std::uint64_t count() const { return counts_[rank_]; }
  void next() { find(rank_ + 1); }

 private:
  void find(std::size_t from) {
    do {
      const auto found = std::find_if(counts_.begin() + static_cast<std::ptrdiff_t>(from),
                                      counts_.end(), [](auto count) { return count > 0; });
      rank_ = static_cast<std::size_t>(found - counts_.begin());
      if (at_end()) return;
      cursor_.seek(static_cast<std::uint32_t>(rank_));
      from = rank_ + 1;
    } while (!containing_.empty() && !contains_folded(value(), containing_));
  }

  std::vector<std::uint32_t> counts_;
  store::Dictionary::Cursor cursor_;
  std::string_view containing_;
  std::size_t rank_ = 0;
};

/// Goes through the values of all segments side by side, so that equal ones meet.
Result<void> add_up(FieldType type, std::vector<HitValues>& segments, const Deadline& deadline,
                    TopValues& top) {
  constexpr std::uint64_t kValuesPerCheck = 1U << 12U;
  const auto stands_after = [&](const HitValues* a, const HitValues* b) {
    return std::is_gt(compare_values(type, a->value(), b->value()));
  };
  std::vector<HitValues*> heads;
  for (HitValues& segment : segments) {
    if (!segment.at_end()) heads.push_back(&segment);
  }
  std::ranges::make_heap(heads, stands_after);
  std::string value;
  while (!heads.empty()) {
    if (top.distinct() % kValuesPerCheck == 0) {
      if (auto in_time = deadline.check(); !in_time) return in_time;
    }
    value = heads.front()->value();
    std::uint64_t count = 0;
    while (!heads.empty() && heads.front()->value() == value) {
      std::ranges::pop_heap(heads, stands_after);
      count += heads.back()->count();
      heads.back()->next();
      if (heads.back()->at_end()) {
        heads.pop_back();
      } else {
        std::ranges::push_heap(heads, stands_after);
      }
    }
    top.add(value, count);
  }
  return {};
}

Result<FacetResult> count_values(const FacetRequest& request, std::span<const SegmentHits> hits,
                                 const Deadline& deadline) {
  FacetResult result{request.field, {}};
  std::vector<HitValues> segments;
  for (const SegmentHits& segment : hits) {
    const auto counts = count_ordinals(request.field, segment, deadline);
    if (!counts) return tl::unexpected(counts.error());
    result.missing += counts->by_ordinal.front();
    if (counts->column != nullptr) segments.emplace_back(*counts, request.containing);
  }
  TopValues top(request.order, request.size);
  const auto added = add_up(field_at(request.field).type, segments, deadline, top);
  if (!added) return tl::unexpected(added.error());
  result.distinct = top.distinct();
  result.buckets = top.take();
  return result;
}

struct BucketBounds {
  std::optional<Between::Bound> low;
  std::optional<Between::Bound> high;
};

/// A bucket's bounds in canonical form, or nullopt when one is not of the field's type. A value is
/// the range from itself to itself.
std::optional<BucketBounds> bounds_of(FieldType type, const FacetBucket& bucket) {
  BucketBounds bounds{bucket.low, bucket.high};
  if (bucket.value) bounds = {Between::Bound{*bucket.value}, Between::Bound{*bucket.value}};
  for (auto* bound : {&bounds.low, &bounds.high}) {
    if (!*bound) continue;
    auto canonical = canonical_value(type, (*bound)->value);
    if (!canonical) return std::nullopt;
    (*bound)->value = std::move(*canonical);
  }
  return bounds;
}

std::vector<BucketBounds> all_bounds(const FacetRequest& request) {
  std::vector<BucketBounds> all;
  for (const FacetBucket& bucket : request.buckets) {
    all.push_back(bounds_of(field_at(request.field).type, bucket).value_or(BucketBounds{}));
  }
  return all;
}

/// Hits with at least one value in the range, in a column whose documents can have several.
std::uint64_t hits_of_tuples(const SegmentCounts& counts, RankRange range) {
  std::uint64_t sum = 0;
  for (std::uint32_t ordinal = 1; ordinal < counts.by_ordinal.size(); ++ordinal) {
    if (counts.by_ordinal[ordinal] == 0) continue;
    const bool inside = std::ranges::any_of(counts.column->ranks(ordinal), [&](auto rank) {
      return range.begin <= rank && rank < range.end;
    });
    if (inside) sum += counts.by_ordinal[ordinal];
  }
  return sum;
}

/// Adds one segment's hits to the buckets that were asked for by name.
Result<void> add_values(const SegmentCounts& counts, std::span<const BucketBounds> bounds,
                        const Deadline& deadline, FacetResult& result) {
  if (counts.column == nullptr) return {};
  // up_to[n] is the number of hits with an ordinal of at most n: without tuples, a rank below n.
  std::vector<std::uint32_t> up_to(counts.by_ordinal.size());
  std::partial_sum(counts.by_ordinal.begin(), counts.by_ordinal.end(), up_to.begin());
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (auto in_time = deadline.check(); !in_time) return in_time;
    const RankRange range = ranks_between(*counts.column, bounds[i].low, bounds[i].high);
    result.buckets[i].count += counts.column->has_tuples() ? hits_of_tuples(counts, range)
                                                           : up_to[range.end] - up_to[range.begin];
  }
  return {};
}

Result<void> add_times(const SegmentHits& hits, std::span<const BucketBounds> bounds,
                       const Deadline& deadline, FacetResult& result) {
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (auto in_time = deadline.check(); !in_time) return in_time;
    const auto time = time_between(bounds[i].low, bounds[i].high);
    if (!time) return tl::unexpected(time.error());
    const auto range = documents_in(*hits.segment, *time);
    if (!range) return tl::unexpected(range.error());
    result.buckets[i].count += hits.docs.count(*range);
  }
  return {};
}

Result<void> add_segment(const SegmentHits& hits, std::span<const BucketBounds> bounds,
                         const Deadline& deadline, FacetResult& result) {
  if (result.field == event_time_field()) return add_times(hits, bounds, deadline, result);
  const auto counts = count_ordinals(result.field, hits, deadline);
  if (!counts) return tl::unexpected(counts.error());
  result.missing += counts->by_ordinal.front();
  return add_values(*counts, bounds, deadline, result);
}

Result<FacetResult> count_buckets(const FacetRequest& request, std::span<const SegmentHits> hits,
                                  const Deadline& deadline) {
  FacetResult result{request.field, {}};
  for (const FacetBucket& bucket : request.buckets) result.buckets.push_back({bucket.label, 0});
  const auto bounds = all_bounds(request);
  for (const SegmentHits& segment : hits) {
    if (const auto added = add_segment(segment, bounds, deadline, result); !added) {
      return tl::unexpected(added.error());
    }
  }
  return result;
}

}  // namespace

Result<void> check_facet(const FacetRequest& request) {
  const Field& field = field_at(request.field);
  const std::string facet = "facet '" + std::string(field.name) + "'";
  if (!field.column) {
    return fail(ErrorCode::bad_request, "cannot count " + facet + ": the field has no column");
  }
  if (request.field == event_time_field() && request.buckets.empty()) {
    return fail(ErrorCode::bad_request, "expected buckets for " + facet + ", got none");
  }
  if (request.size > kMaxFacetValues || request.buckets.size() > kMaxFacetValues) {
    return fail(ErrorCode::too_large,
                "expected at most " + std::to_string(kMaxFacetValues) + " buckets for " + facet +
                    ", got " +
                    std::to_string(std::max<std::size_t>(request.size, request.buckets.size())));
  }
  for (const FacetBucket& bucket : request.buckets) {
    if (bounds_of(field.type, bucket)) continue;
    return fail(ErrorCode::bad_request, "expected buckets of type " +
                                            std::string(name(field.type)) + " for " + facet +
                                            ", got '" + bucket.label + "'");
  }
  return {};
}

Result<FacetResult> count_facet(const FacetRequest& request, std::span<const SegmentHits> hits,
                                const Deadline& deadline) {
  return request.buckets.empty() ? count_values(request, hits, deadline)
                                 : count_buckets(request, hits, deadline);
}

}  // namespace trailsift::query
