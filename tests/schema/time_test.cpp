#include "schema/time.h"

#include <random>

#include <gtest/gtest.h>

namespace trailsift {
namespace {

using std::chrono::milliseconds;

TEST(Time, ReadsRfc3339) {
  const struct {
    const char* text;
    std::int64_t want_ms;
  } cases[] = {
      {"1970-01-01T00:00:00Z", 0},
      {"1969-12-31T23:59:59.999Z", -1},
      {"2021-07-29T23:53:26Z", 1627602806000},
      {"2021-07-29t23:53:26z", 1627602806000},
      {"2021-07-29T23:53:26.5Z", 1627602806500},
      {"2021-07-29T23:53:26.1239Z", 1627602806123},
      {"2021-07-29T23:53:26.123456789Z", 1627602806123},
      {"2021-07-30T01:53:26+02:00", 1627602806000},
      {"2021-07-29T18:23:26-05:30", 1627602806000},
      {"2020-02-29T00:00:00Z", 1582934400000},
      {"2016-12-31T23:59:60Z", 1483228800000},
      {"9999-12-31T23:59:59.999Z", 253402300799999},
  };
  for (const auto& c : cases) {
    const auto time = parse_time(c.text);
    ASSERT_TRUE(time) << c.text;
    EXPECT_EQ(time->time_since_epoch().count(), c.want_ms) << c.text;
  }
}

TEST(Time, RefusesWhatIsNoTime) {
  for (const char* text : {"",
                           "x",
                           "2021-07-29",
                           "2021-07-29T23:53:26",
                           "2021-07-29 23:53:26Z",
                           "2021-7-29T23:53:26Z",
                           "2021-02-29T00:00:00Z",
                           "2021-13-01T00:00:00Z",
                           "2021-00-10T00:00:00Z",
                           "2021-07-32T00:00:00Z",
                           "2021-07-29T24:00:00Z",
                           "2021-07-29T23:60:00Z",
                           "2021-07-29T23:53:61Z",
                           "2021-07-29T23:53:26.Z",
                           "2021-07-29T23:53:26Zx",
                           "2021-07-29T23:53:26+2:00",
                           "2021-07-29T23:53:26+24:00",
                           "2021-07-29T23: 53: 26Z",
                           "+021-07-29T23:53:26Z",
                           "0000-01-01T00:00:00+23:00",
                           "9999-12-31T23:59:59-01:00"}) {
    const auto time = parse_time(text);
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error().message,
              "expected a time such as '2021-07-29T23:53:26Z', got '" + std::string(text) + "'");
  }
}

TEST(Time, PrintsTheFractionOnlyWhenThereIsOne) {
  EXPECT_EQ(format_time(Timestamp(milliseconds(1627602806000))), "2021-07-29T23:53:26Z");
  EXPECT_EQ(format_time(Timestamp(milliseconds(1627602806020))), "2021-07-29T23:53:26.020Z");
  EXPECT_EQ(format_time(Timestamp(milliseconds(-1))), "1969-12-31T23:59:59.999Z");
  // Buckets of a histogram may begin before all times that can be written.
  EXPECT_EQ(format_time(Timestamp(milliseconds(-62167219200001))), "-001-12-31T23:59:59.999Z");
}

TEST(Time, PrintedTimesReadBackTheSame) {
  constexpr unsigned kSeed = 7;
  std::mt19937_64 random(kSeed);
  // The years 0000 to 9999.
  std::uniform_int_distribution<std::int64_t> any(-62167219200000, 253402300799999);
  for (int i = 0; i < 10'000; ++i) {
    const Timestamp time{milliseconds(any(random))};
    const auto back = parse_time(format_time(time));
    ASSERT_TRUE(back) << format_time(time);
    EXPECT_EQ(*back, time);
  }
}

TEST(Time, BoundsCanBeRelativeOrDays) {
  const Timestamp now{milliseconds(1627602806000)};  // 2021-07-29T23:53:26Z
  const struct {
    const char *text, *want;
  } cases[] = {
      {"now", "2021-07-29T23:53:26Z"},
      {"now-24h", "2021-07-28T23:53:26Z"},
      {"-24h", "2021-07-28T23:53:26Z"},
      {"now+5m", "2021-07-29T23:58:26Z"},
      {"-30s", "2021-07-29T23:52:56Z"},
      {"-7d", "2021-07-22T23:53:26Z"},
      {"-2w", "2021-07-15T23:53:26Z"},
      {"2021-07-01", "2021-07-01T00:00:00Z"},
      {"2021-07-01T12:00:00Z", "2021-07-01T12:00:00Z"},
  };
  for (const auto& c : cases) {
    const auto time = parse_time_bound(c.text, now);
    ASSERT_TRUE(time) << c.text;
    EXPECT_EQ(format_time(*time), c.want) << c.text;
  }
  for (const char* text : {"", "-", "now-", "now-5", "now-h", "now-5y", "-99999999d", "now-5h30m",
                           "nowish", "24h", "2021-07", "yesterday"}) {
    EXPECT_FALSE(parse_time_bound(text, now)) << text;
  }
}

}  // namespace
}  // namespace trailsift
