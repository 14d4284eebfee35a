#include "query/histogram.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/segment_access.h"

namespace trailsift::query {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// From a second to more than the span of all timestamps.
constexpr std::array<milliseconds, 21> kLadder = {
    seconds(1),  seconds(5), seconds(10), seconds(30), minutes(1),  minutes(5),   minutes(10),
    minutes(30), hours(1),   hours(3),    hours(6),    hours(12),   days(1),      days(7),
    days(30),    days(90),   days(365),   days(3650),  days(36500), days(365000), days(3650000)};

constexpr milliseconds kLongestInterval = kLadder.back();

/// The times of the oldest and the newest hit.
struct TimeSpan {
  Timestamp oldest;
  Timestamp newest;
};

Timestamp bucket_of(Timestamp time, milliseconds interval) {
  const milliseconds since = time.time_since_epoch();
  const milliseconds into = (since % interval + interval) % interval;
  return time - into;
}

/// Buckets from that of the oldest hit to that of the newest.
std::uint64_t bucket_count(const TimeSpan& span, milliseconds interval) {
  const auto distance = bucket_of(span.newest, interval) - bucket_of(span.oldest, interval);
  return static_cast<std::uint64_t>(distance / interval) + 1;
}

milliseconds chosen_interval(const TimeSpan& span, std::uint32_t target_buckets) {
  const auto limit = std::min<std::uint64_t>(target_buckets, kMaxHistogramBuckets);
  const auto fits = [&](milliseconds interval) { return bucket_count(span, interval) <= limit; };
  const auto* rung = std::ranges::find_if(kLadder, fits);
  return rung == kLadder.end() ? kLadder.back() : *rung;
}

Result<std::optional<TimeSpan>> span_of(const SegmentHits& hits) {
  const auto first = hits.docs.first();
  if (!first) return std::nullopt;
  const auto newest = hits.segment->time(*first);
  if (!newest) return tl::unexpected(newest.error());
  const auto oldest = hits.segment->time(*hits.docs.last());
  if (!oldest) return tl::unexpected(oldest.error());
  return TimeSpan{*oldest, *newest};
}

Result<std::optional<TimeSpan>> span_of(std::span<const SegmentHits> hits) {
  std::optional<TimeSpan> whole;
  for (const SegmentHits& segment : hits) {
    const auto span = span_of(segment);
    if (!span) return tl::unexpected(span.error());
    if (!*span) continue;
    if (!whole) whole = *span;
    whole->oldest = std::min(whole->oldest, (*span)->oldest);
    whole->newest = std::max(whole->newest, (*span)->newest);
  }
  return whole;
}

using Buckets = std::span<HistogramResult::Bucket>;

/// For few hits: each one's time.
Result<void> add_each(const SegmentHits& hits, milliseconds interval, Buckets buckets) {
  DocBlocks blocks(hits.docs);
  for (auto block = blocks.next(); !block.empty(); block = blocks.next()) {
    for (const DocId doc : block) {
      const auto time = hits.segment->time(doc);
      if (!time) return tl::unexpected(time.error());
      const auto index =
          static_cast<std::size_t>((bucket_of(*time, interval) - buckets.front().begin) / interval);
      if (index < buckets.size()) ++buckets[index].count;  // Forged times may not descend.
    }
  }
  return {};
}

/// Documents are ordered by time, so a bucket is a range of them: nothing is read but its ends.
Result<void> add_ranges(const SegmentHits& hits, Buckets buckets) {
  std::vector<Timestamp> begins;
  begins.reserve(buckets.size());
  for (std::size_t i = buckets.size(); i-- > 0;) begins.push_back(buckets[i].begin);
  const auto ends = hits.segment->first_before(begins);
  if (!ends) return tl::unexpected(ends.error());
  DocId begin = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const DocId end = (*ends)[i];
    buckets[buckets.size() - 1 - i].count += hits.docs.count({begin, end});
    begin = end;
  }
  return {};
}

Result<void> add_segment(const SegmentHits& hits, const Deadline& deadline,
                         HistogramResult& result) {
  if (auto in_time = deadline.check(); !in_time) return in_time;
  const auto span = span_of(hits);
  if (!span) return tl::unexpected(span.error());
  if (!*span) return {};
  const auto first = (bucket_of((*span)->oldest, result.interval) - result.buckets.front().begin) /
                     result.interval;
  const Buckets buckets =
      Buckets(result.buckets)
          .subspan(static_cast<std::size_t>(first), bucket_count(**span, result.interval));
  if (hits.docs.count() < buckets.size()) return add_each(hits, result.interval, buckets);
  return add_ranges(hits, buckets);
}

using Counts = std::vector<std::uint64_t>;

/// The hits per bucket of `frame`.
Result<Counts> count_in(const HistogramResult& frame, std::span<const SegmentHits> hits,
                        const Deadline& deadline) {
  HistogramResult counted{frame.interval, frame.buckets, {}, {}, {}};
  for (auto& bucket : counted.buckets) bucket.count = 0;
  for (const SegmentHits& segment : hits) {
    if (const auto added = add_segment(segment, deadline, counted); !added) {
      return tl::unexpected(added.error());
    }
  }
  Counts counts;
  counts.reserve(counted.buckets.size());
  for (const auto& bucket : counted.buckets) counts.push_back(bucket.count);
  return counts;
}

/// Of the hits, those that `choose` takes by their column; a segment without the column has none.
template <class Choose>
Result<std::vector<SegmentHits>> chosen(std::span<const SegmentHits> hits, FieldIndex field,
                                        const Deadline& deadline, const Choose& choose) {
  std::vector<SegmentHits> part;
  for (const SegmentHits& segment : hits) {
    const auto column = segment.segment->column(field);
    if (!column) return tl::unexpected(column.error());
    if (*column == nullptr) continue;
    const SegmentAccess access(*segment.segment, deadline);
    auto docs = choose(access, **column, segment.docs);
    if (!docs) return tl::unexpected(docs.error());
    if (!docs->empty()) part.push_back({segment.segment, std::move(*docs)});
  }
  return part;
}

Result<std::vector<SegmentHits>> with_any(std::span<const SegmentHits> hits, FieldIndex field,
                                          std::span<const std::string> values,
                                          const Deadline& deadline) {
  return chosen(hits, field, deadline,
                [&](const SegmentAccess& access, const store::Column& column, const DocSet& docs) {
                  std::vector<std::uint32_t> ranks;
                  for (const std::string& value : values) {
                    if (const auto rank = column.find(value)) ranks.push_back(*rank);
                  }
                  std::ranges::sort(ranks);
                  return access.with_ranks(column, docs, ranks);
                });
}

Counts minus(Counts counts, const Counts& others) {
  std::ranges::transform(counts, others, counts.begin(), std::minus());
  return counts;
}

/// Counts of the most frequent values; what is left has other values, or none.
Result<void> add_split(const HistogramRequest& request, std::span<const SegmentHits> hits,
                       const Deadline& deadline, HistogramResult& result) {
  const FieldIndex field = *request.split;
  const auto facet =
      count_facet({field, FacetRequest::Order::by_count, request.split_values, {}}, hits, deadline);
  if (!facet) return tl::unexpected(facet.error());
  std::vector<std::string> values;
  for (const FacetCount& bucket : facet->buckets) {
    values.push_back(bucket.value);
    const auto part = with_any(hits, field, {&values.back(), 1}, deadline);
    if (!part) return tl::unexpected(part.error());
    auto counts = count_in(result, *part, deadline);
    if (!counts) return tl::unexpected(counts.error());
    result.series.push_back({bucket.value, std::move(*counts)});
  }
  const auto listed = with_any(hits, field, values, deadline);
  if (!listed) return tl::unexpected(listed.error());
  const auto with_value =
      chosen(hits, field, deadline,
             [](const SegmentAccess& access, const store::Column& column, const DocSet& docs) {
               return access.with_rank(column, docs, RankRange{0, column.value_count()});
             });
  if (!with_value) return tl::unexpected(with_value.error());
  const auto in_list = count_in(result, *listed, deadline);
  if (!in_list) return tl::unexpected(in_list.error());
  const auto valued = count_in(result, *with_value, deadline);
  if (!valued) return tl::unexpected(valued.error());
  Counts all;
  for (const auto& bucket : result.buckets) all.push_back(bucket.count);
  result.others = minus(*valued, *in_list);
  result.missing = minus(std::move(all), *valued);
  return {};
}

Result<void> check_split(const HistogramRequest& request) {
  if (!request.split) return {};
  const Field& field = field_at(*request.split);
  if (!field.column || *request.split == event_time_field()) {
    return fail(ErrorCode::bad_request, "cannot split the histogram by '" +
                                            std::string(field.name) + "': the field has no column");
  }
  if (request.split_values <= kMaxSplitValues) return {};
  return fail(ErrorCode::too_large, "expected at most " + std::to_string(kMaxSplitValues) +
                                        " values to split by, got " +
                                        std::to_string(request.split_values));
}

/// All buckets, empty.
Result<HistogramResult> frame_of(const HistogramRequest& request,
                                 std::span<const SegmentHits> hits) {
  const auto span = span_of(hits);
  if (!span) return tl::unexpected(span.error());
  HistogramResult result;
  result.interval = request.interval.value_or(kLadder.front());
  if (!*span) return result;
  if (!request.interval) result.interval = chosen_interval(**span, request.target_buckets);
  const std::uint64_t buckets = bucket_count(**span, result.interval);
  if (buckets > kMaxHistogramBuckets) {
    return fail(ErrorCode::too_large, "expected at most " + std::to_string(kMaxHistogramBuckets) +
                                          " histogram buckets, got " + std::to_string(buckets) +
                                          "; choose a longer interval");
  }
  Timestamp begin = bucket_of((*span)->oldest, result.interval);
  for (std::uint64_t i = 0; i < buckets; ++i, begin += result.interval) {
    result.buckets.push_back({begin, 0});
  }
  return result;
}

}  // namespace

Result<void> check_histogram(const HistogramRequest& request) {
  if (const auto checked = check_split(request); !checked) return checked;
  if (!request.interval) return {};
  if (*request.interval >= milliseconds(1) && *request.interval <= kLongestInterval) return {};
  return fail(ErrorCode::bad_request, "expected a histogram interval from 1 to " +
                                          std::to_string(kLongestInterval.count()) + " ms, got " +
                                          std::to_string(request.interval->count()));
}

Result<HistogramResult> count_histogram(const HistogramRequest& request,
                                        std::span<const SegmentHits> hits,
                                        const Deadline& deadline) {
  auto result = frame_of(request, hits);
  if (!result) return result;
  for (const SegmentHits& segment : hits) {
    if (const auto added = add_segment(segment, deadline, *result); !added) {
      return tl::unexpected(added.error());
    }
  }
  if (request.split) {
    if (const auto split = add_split(request, hits, deadline, *result); !split) {
      return tl::unexpected(split.error());
    }
  }
  return result;
}

}  // namespace trailsift::query
