#include "query/histogram.h"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

/// `interval: begin=count …`
std::string text_of(const Result<HistogramResult>& result) {
  if (!result) return std::string(name(result.error().code)) + ": " + result.error().message;
  std::string text = std::to_string(result->interval.count()) + ":";
  for (const auto& bucket : result->buckets) {
    text += " " + format_time(bucket.begin) + "=" + std::to_string(bucket.count);
  }
  return text;
}

std::vector<Event> at_times(const std::vector<std::string>& times) {
  static int next_id = 0;
  std::vector<Event> events;
  events.reserve(times.size());
  for (const std::string& time : times) {
    events.push_back(event("id-" + std::to_string(++next_id), time));
  }
  return events;
}

Result<HistogramResult> histogram(const TestStore& store, const HistogramRequest& request,
                                  const std::string& query = "matchall") {
  SearchRequest search_request;
  search_request.query = parsed(query);
  search_request.histogram = request;
  auto result = search(*store.snapshot(), search_request);
  if (!result) return tl::unexpected(result.error());
  return std::move(*result->histogram);
}

TEST(Histogram, CountsBetweenMultiplesOfTheInterval) {
  const TestStore store{
      at_times({"2021-07-29T10:59:59.999Z", "2021-07-29T11:00:00Z", "2021-07-29T13:30:00Z"}),
      at_times({"2021-07-29T11:59:59Z", "2021-07-29T13:00:00Z"})};
  const struct {
    milliseconds interval;
    const char* want;
  } kCases[] = {
      {hours(1),
       "3600000: 2021-07-29T10:00:00Z=1 2021-07-29T11:00:00Z=2 2021-07-29T12:00:00Z=0 "
       "2021-07-29T13:00:00Z=2"},
      {hours(3), "10800000: 2021-07-29T09:00:00Z=3 2021-07-29T12:00:00Z=2"},
      {days(1), "86400000: 2021-07-29T00:00:00Z=5"},
      {days(7), "604800000: 2021-07-29T00:00:00Z=5"},
  };
  for (const auto& c : kCases) EXPECT_EQ(text_of(histogram(store, {c.interval})), c.want);
}

TEST(Histogram, CountsOnlyHits) {
  const TestStore store{{event("a", "2021-07-29T10:00:00Z", R"("eventName":"Get")"),
                         event("b", "2021-07-29T12:00:00Z", R"("eventName":"Put")"),
                         event("c", "2021-07-29T12:00:01Z", R"("eventName":"Get")")}};
  EXPECT_EQ(text_of(histogram(store, {hours(1)}, "event_name:'Get'")),
            "3600000: 2021-07-29T10:00:00Z=1 2021-07-29T11:00:00Z=0 2021-07-29T12:00:00Z=1");
  EXPECT_EQ(text_of(histogram(store, {hours(1)}, "event_name:'None'")), "3600000:");
  EXPECT_EQ(text_of(histogram(store, {}, "event_name:'None'")), "1000:");
}

TEST(Histogram, HasBucketsBefore1970) {
  const TestStore store{at_times({"1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z"}),
                        at_times({"0000-01-01T00:00:00Z"})};
  EXPECT_EQ(text_of(histogram(store, {hours(1)}, "event_time:['1960-01-01T00:00:00Z',}")),
            "3600000: 1969-12-31T23:00:00Z=1 1970-01-01T00:00:00Z=1");
  EXPECT_EQ(text_of(histogram(store, {days(3650000)})).substr(0, 15), "315360000000000");
}

TEST(Histogram, ChoosesTheFinestIntervalThatFits) {
  const struct {
    const char *first, *last;
    std::uint32_t target;
    milliseconds interval;
    std::size_t buckets;
  } kCases[] = {
      {"2021-07-29T10:00:00Z", "2021-07-29T10:00:00Z", 60, seconds(1), 1},
      {"2021-07-29T10:00:00Z", "2021-07-29T10:00:59Z", 60, seconds(1), 60},
      {"2021-07-29T10:00:00Z", "2021-07-29T10:01:00Z", 60, seconds(5), 13},
      {"2021-07-29T10:00:00Z", "2021-07-29T11:00:00Z", 60, minutes(5), 13},
      {"2021-07-29T00:00:00Z", "2021-07-29T23:59:59Z", 60, minutes(30), 48},
      {"2021-07-29T00:00:00Z", "2021-07-30T00:00:00Z", 24, hours(3), 9},
      {"2021-01-01T00:00:00Z", "2021-12-31T23:59:59Z", 60, days(7), 53},
      {"2021-01-01T00:00:00Z", "2021-12-31T23:59:59Z", 365, days(1), 365},
      {"0000-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", 60, days(365000), 11},
      {"2021-07-29T10:00:00Z", "2021-07-29T10:00:01Z", 0, days(3650000), 1},
      {"2021-07-29T00:00:00Z", "2021-07-29T02:46:39Z", 1'000'000, seconds(1), 10'000},
      {"2021-07-29T00:00:00Z", "2021-07-29T02:46:40Z", 1'000'000, seconds(5), 2'001},
  };
  for (const auto& c : kCases) {
    const TestStore store{at_times({c.first}), at_times({c.last})};
    const auto result = histogram(store, {{}, c.target});
    ASSERT_TRUE(result) << c.last;
    EXPECT_EQ(result->interval, c.interval) << c.first << " to " << c.last;
    EXPECT_EQ(result->buckets.size(), c.buckets) << c.first << " to " << c.last;
    std::uint64_t sum = 0;
    for (const auto& bucket : result->buckets) sum += bucket.count;
    EXPECT_EQ(sum, 2U) << c.first << " to " << c.last;
  }
}

TEST(Histogram, RefusesTooManyBucketsAndOddIntervals) {
  const TestStore store{at_times({"2021-07-29T00:00:00Z", "2021-07-29T02:46:40Z"})};
  EXPECT_EQ(text_of(histogram(store, {seconds(1)})),
            "too_large: expected at most 10000 histogram buckets, got 10001; choose a longer "
            "interval");
  for (const milliseconds interval : {milliseconds(0), milliseconds(-1), milliseconds::max()}) {
    EXPECT_EQ(text_of(histogram(store, {interval})),
              "bad_request: expected a histogram interval from 1 to 315360000000000 ms, got " +
                  std::to_string(interval.count()));
  }
}

TEST(Histogram, StopsAtTheDeadline) {
  const TestStore store{at_times({"2021-07-29T00:00:00Z"})};
  const auto snapshot = store.snapshot();
  const std::vector<SegmentHits> hits{{snapshot->segments[0].get(), DocSet(DocRange{0, 1})}};
  const auto result =
      count_histogram({hours(1)}, hits, Deadline(Deadline::Clock::now() - seconds(1)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::too_large);
}

}  // namespace
}  // namespace trailsift::query
