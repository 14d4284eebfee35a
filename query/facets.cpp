#include "query/facets.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

#include "query/evaluate_condition.h"
#include "query/ordinal_scan.h"
#include "schema/field.h"

namespace trailsift::query {
namespace {

bool is_event_time(FieldIndex field) {
  static const FieldIndex kEventTime = field_index("event_time");
  return field == kEventTime;
}

/// A value and its hits; the text lies in a dictionary.
using Count = std::pair<std::string_view, std::uint64_t>;

/// Hits per ordinal; entry 0 counts those without a value.
using OrdinalCounts = std::vector<std::uint64_t>;

/// The column of the facet's field with the counts in one segment.
struct SegmentCounts {
  const store::Column* column = nullptr;  ///< Null when no document has a value.
  OrdinalCounts by_ordinal;
};

Result<SegmentCounts> count_ordinals(FieldIndex field, const SegmentHits& hits,
                                     const Deadline& deadline) {
  const auto column = hits.segment->column(field);
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr) return SegmentCounts{nullptr, {hits.docs.count()}};
  SegmentCounts counts{*column, OrdinalCounts((*column)->ordinal_count())};
  const auto scanned =
      for_each_ordinal(**column, hits.docs, deadline,
                       [&](DocId, std::uint32_t ordinal) { ++counts.by_ordinal[ordinal]; });
  if (!scanned) return tl::unexpected(scanned.error());
  return counts;
}

/// Hits per rank. A tuple has no repeats, so a document counts once for each of its values.
std::vector<std::uint64_t> by_rank(const SegmentCounts& counts) {
  const auto& [column, by_ordinal] = counts;
  std::vector<std::uint64_t> ranks(column->value_count());
  for (std::uint32_t ordinal = 1; ordinal < by_ordinal.size(); ++ordinal) {
    if (by_ordinal[ordinal] == 0) continue;
    for (const std::uint32_t rank : column->ranks(ordinal)) ranks[rank] += by_ordinal[ordinal];
  }
  return ranks;
}

std::vector<Count> values_with_hits(const SegmentCounts& counts) {
  std::vector<Count> values;
  if (counts.column == nullptr) return values;
  const auto ranks = by_rank(counts);
  for (std::uint32_t rank = 0; rank < ranks.size(); ++rank) {
    if (ranks[rank] > 0) values.emplace_back(counts.column->value(rank), ranks[rank]);
  }
  return values;
}

/// Two lists in the order of their values as one; counts of the same value are added up.
std::vector<Count> merged(FieldType type, const std::vector<Count>& a,
                          const std::vector<Count>& b) {
  std::vector<Count> all;
  all.reserve(a.size() + b.size());
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() && right != b.end()) {
    const auto order = compare_values(type, left->first, right->first);
    if (std::is_lt(order)) {
      all.push_back(*left++);
    } else if (std::is_gt(order)) {
      all.push_back(*right++);
    } else {
      all.emplace_back(left->first, left->second + right->second);
      ++left;
      ++right;
    }
  }
  all.insert(all.end(), left, a.end());
  all.insert(all.end(), right, b.end());
  return all;
}

/// The lists of all segments as one. Neighbours are merged first, so that no value is moved often.
std::vector<Count> merged(FieldType type, std::vector<std::vector<Count>> lists) {
  if (lists.empty()) return {};
  for (std::size_t step = 1; step < lists.size(); step *= 2) {
    for (std::size_t i = 0; i + step < lists.size(); i += 2 * step) {
      lists[i] = merged(type, lists[i], std::exchange(lists[i + step], {}));
    }
  }
  return std::move(lists.front());
}

/// The buckets that are wanted, in their order; `counts` are in the order of their values.
std::vector<FacetCount> first_buckets(const FacetRequest& request,
                                      const std::vector<Count>& counts) {
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::size_t wanted = std::min<std::size_t>(request.size, order.size());
  if (request.order == FacetRequest::Order::by_count) {
    const auto middle = order.begin() + static_cast<std::ptrdiff_t>(wanted);
    std::partial_sort(order.begin(), middle, order.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(counts[b].second, a) < std::pair(counts[a].second, b);
    });
  }
  std::vector<FacetCount> buckets;
  for (const std::size_t index : std::span(order).first(wanted)) {
    buckets.push_back({std::string(counts[index].first), counts[index].second});
  }
  return buckets;
}

Result<FacetResult> count_values(const FacetRequest& request, std::span<const SegmentHits> hits,
                                 const Deadline& deadline) {
  FacetResult result{request.field, {}};
  std::vector<std::vector<Count>> segments;
  for (const SegmentHits& segment : hits) {
    const auto counts = count_ordinals(request.field, segment, deadline);
    if (!counts) return tl::unexpected(counts.error());
    result.missing += counts->by_ordinal.front();
    segments.push_back(values_with_hits(*counts));
  }
  const auto counts = merged(field_at(request.field).type, std::move(segments));
  result.distinct = counts.size();
  result.buckets = first_buckets(request, counts);
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
  std::vector<std::uint64_t> up_to(counts.by_ordinal.size());
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
  if (is_event_time(result.field)) return add_times(hits, bounds, deadline, result);
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
  if (is_event_time(request.field) && request.buckets.empty()) {
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
