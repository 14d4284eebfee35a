#include "store/time_section.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/store/store_fixture.h"

namespace trailsift::store {
namespace {

using std::chrono::milliseconds;

Timestamp ms(std::int64_t count) {
  return Timestamp(milliseconds(count));
}

/// What in_time() must answer, by counting.
DocRange counted(const std::vector<Timestamp>& times, std::optional<Timestamp> from,
                 std::optional<Timestamp> to) {
  DocRange range;
  for (const Timestamp time : times) {
    if (to && time >= *to) ++range.begin;
    if (!from || time >= *from) ++range.end;
  }
  range.end = std::max(range.begin, range.end);
  return range;
}

void expect_round_trip(const std::vector<Timestamp>& times) {
  const auto bytes = encode_times(times);
  const auto section = value_of(TimeSection::open(bytes, static_cast<std::uint32_t>(times.size())));
  for (DocId doc = 0; doc < times.size(); ++doc) ASSERT_EQ(section.time(doc), times[doc]) << doc;
  std::vector<std::optional<Timestamp>> bounds = {std::nullopt, ms(0)};
  const std::size_t step = std::max<std::size_t>(1, times.size() / 7);
  for (std::size_t i = 0; i < times.size(); i += step) {
    for (const int distance : {-1, 0, 1}) bounds.emplace_back(times[i] + milliseconds(distance));
  }
  std::vector<Timestamp> moments;
  for (const auto& bound : bounds) {
    if (bound) moments.push_back(*bound);
  }
  std::ranges::sort(moments, std::greater());
  const auto firsts = section.first_before(moments);
  ASSERT_EQ(firsts.size(), moments.size());
  for (std::size_t i = 0; i < moments.size(); ++i) {
    ASSERT_EQ(firsts[i], counted(times, moments[i], std::nullopt).end);
  }
  for (const auto& from : bounds) {
    for (const auto& to : bounds) {
      const DocRange want = counted(times, from, to);
      const DocRange found = section.in_time(from, to);
      ASSERT_EQ(found.end - found.begin, want.end - want.begin);
      ASSERT_TRUE(want.begin == want.end || found.begin == want.begin);
    }
  }
}

TEST(TimeSection, RoundTripsAndFindsRangesForEverySpan) {
  constexpr std::uint64_t kSeed = 3;
  std::mt19937_64 random(kSeed);
  // Spans that need deltas of 0, 1, 2, 4 and 8 bytes, in seconds and in milliseconds.
  for (const std::int64_t span :
       {1LL, 100LL, 200'000LL, 30'000'000LL, 90'000'000'000LL, 253'402'300'799'999LL}) {
    for (const std::size_t count : {1UL, 2UL, 1023UL, 1024UL, 1025UL, 5000UL}) {
      for (const std::int64_t unit : {1, 1000}) {
        std::vector<Timestamp> times;
        for (std::size_t i = 0; i < count; ++i) {
          times.push_back(ms(static_cast<std::int64_t>(random()) / 2 % span / unit * unit));
        }
        std::ranges::sort(times, std::greater());
        ASSERT_NO_FATAL_FAILURE(expect_round_trip(times)) << span << " ms, " << count;
      }
    }
  }
}

TEST(TimeSection, OneTimeForAllTakesNoBytesPerDocument) {
  const std::vector<Timestamp> times(1024, ms(5));
  EXPECT_LT(encode_times(times).size(), 64U);
  expect_round_trip(times);
}

TEST(TimeSection, WrongStructureIsCorrupt) {
  const auto good = encode_times(std::vector<Timestamp>{ms(300'000), ms(200), ms(100)});
  ASSERT_TRUE(TimeSection::open(good, 3));
  EXPECT_FALSE(TimeSection::open(good, 4));
  EXPECT_FALSE(TimeSection::open(good, 100'000));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(TimeSection::open(std::span(good).first(size), 3)) << size;
  }
}

}  // namespace
}  // namespace trailsift::store
