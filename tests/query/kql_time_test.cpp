#include "query/kql_time.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::query::kql {
namespace {

/// A Sunday; at one o'clock UTC clocks in Berlin went from two to three.
Timestamp now() {
  return *parse_time("2026-03-29T12:34:56.789Z");
}

struct Case {
  std::string_view zone;
  std::string_view text;
  std::string_view begin;
  std::string_view end;
};

TEST(KqlTime, StandsForASpan) {
  const std::vector<Case> cases = {
      {"UTC", "2021", "2021-01-01T00:00:00Z", "2022-01-01T00:00:00Z"},
      {"UTC", "2021-12", "2021-12-01T00:00:00Z", "2022-01-01T00:00:00Z"},
      {"UTC", "2020-02-29", "2020-02-29T00:00:00Z", "2020-03-01T00:00:00Z"},
      {"UTC", "2021-07-29T23", "2021-07-29T23:00:00Z", "2021-07-30T00:00:00Z"},
      {"UTC", "2021-07-29T23:53", "2021-07-29T23:53:00Z", "2021-07-29T23:54:00Z"},
      {"UTC", "2021-07-29T23:53:26", "2021-07-29T23:53:26Z", "2021-07-29T23:53:27Z"},
      {"UTC", "2021-07-29t23:53:26z", "2021-07-29T23:53:26Z", "2021-07-29T23:53:27Z"},
      {"UTC", "2021-07-29T23:53:26.5Z", "2021-07-29T23:53:26.500Z", "2021-07-29T23:53:26.501Z"},
      {"UTC", "2021-07-29T23:53:26.123999", "2021-07-29T23:53:26.123Z", "2021-07-29T23:53:26.124Z"},
      {"UTC", "2021-07-29T23+02:00", "2021-07-29T21:00:00Z", "2021-07-29T22:00:00Z"},
      {"UTC", "2021-07-29T23:53-0330", "2021-07-30T03:23:00Z", "2021-07-30T03:24:00Z"},
      {"UTC", "now", "2026-03-29T12:34:56.789Z", "2026-03-29T12:34:56.790Z"},
      {"UTC", "now-24h", "2026-03-28T12:34:56.789Z", "2026-03-28T12:34:56.790Z"},
      {"UTC", "-24h", "2026-03-28T12:34:56.789Z", "2026-03-28T12:34:56.790Z"},
      {"UTC", "now+1d", "2026-03-30T12:34:56.789Z", "2026-03-30T12:34:56.790Z"},
      {"UTC", "now-d", "2026-03-28T12:34:56.789Z", "2026-03-28T12:34:56.790Z"},
      {"UTC", "now/d", "2026-03-29T00:00:00Z", "2026-03-30T00:00:00Z"},
      {"UTC", "now/w", "2026-03-23T00:00:00Z", "2026-03-30T00:00:00Z"},
      {"UTC", "now/M", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"},
      {"UTC", "now/y", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"},
      {"UTC", "now/h", "2026-03-29T12:00:00Z", "2026-03-29T13:00:00Z"},
      {"UTC", "now/m", "2026-03-29T12:34:00Z", "2026-03-29T12:35:00Z"},
      {"UTC", "now/s", "2026-03-29T12:34:56Z", "2026-03-29T12:34:57Z"},
      {"UTC", "now-7d/d", "2026-03-22T00:00:00Z", "2026-03-23T00:00:00Z"},
      {"UTC", "now/d-7d", "2026-03-22T00:00:00Z", "2026-03-23T00:00:00Z"},
      {"UTC", "now-1M/M+9d", "2026-02-10T00:00:00Z", "2026-03-10T00:00:00Z"},
      {"UTC", "2021-01-31||+1M", "2021-02-28T00:00:00Z", "2021-03-01T00:00:00Z"},
      {"UTC", "2021-07-29||/M-1s", "2021-06-30T23:59:59Z", "2021-07-31T23:59:59Z"},
      {"UTC", "2021-07-29T12:00Z||+1h", "2021-07-29T13:00:00Z", "2021-07-29T13:01:00Z"},
      {"Europe/Berlin", "2021-07-29", "2021-07-28T22:00:00Z", "2021-07-29T22:00:00Z"},
      {"Europe/Berlin", "2021-01-29T10:00", "2021-01-29T09:00:00Z", "2021-01-29T09:01:00Z"},
      {"Europe/Berlin", "2021-07-29T10:00Z", "2021-07-29T10:00:00Z", "2021-07-29T10:01:00Z"},
      // The day on which clocks go forward has 23 hours.
      {"Europe/Berlin", "now/d", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
      {"Europe/Berlin", "2026-03-28T12:00||+1d", "2026-03-29T10:00:00Z", "2026-03-29T10:01:00Z"},
      {"Europe/Berlin", "2026-03-28T12:00||+24h", "2026-03-29T11:00:00Z", "2026-03-29T11:01:00Z"},
      {"Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:00:00Z", "2026-03-29T01:01:00Z"},
      // Half past two came twice on this day; the first one is meant.
      {"Europe/Berlin", "2025-10-26T02:30", "2025-10-26T00:30:00Z", "2025-10-26T00:31:00Z"},
      {"Asia/Kolkata", "now/h", "2026-03-29T12:30:00Z", "2026-03-29T13:30:00Z"},
      {"-03:30", "2021-07-29", "2021-07-29T03:30:00Z", "2021-07-30T03:30:00Z"},
      // Beyond the years that times have.
      {"UTC", "now-9000y", "0000-01-01T00:00:00.789Z", "0000-01-01T00:00:00.790Z"},
  };
  for (const auto& [zone, text, begin, end] : cases) {
    const auto found = TimeZone::find(zone);
    ASSERT_TRUE(found) << zone;
    const auto span = parse_time_span(text, now(), *found);
    ASSERT_TRUE(span) << text << ": " << span.error().message;
    EXPECT_EQ(format_time(span->begin), begin) << zone << " " << text;
    EXPECT_EQ(format_time(span->end), end) << zone << " " << text;
  }
}

TEST(KqlTime, RefusesWhatIsNoTime) {
  for (const std::string_view text : {"",
                                      "yesterday",
                                      "20",
                                      "2021-13",
                                      "2021-02-30",
                                      "2021-7-1",
                                      "2021-07-29T",
                                      "2021-07-29T24",
                                      "2021-07-29T23:60",
                                      "2021-07-29T23:53:61",
                                      "2021-07-29T23:53:26.",
                                      "2021-07-29T23:53:26.Z",
                                      "2021-07-29Z",
                                      "2021-07-29T23+2x",
                                      "2021-07-29T23+19:00",
                                      "2021-07-29-1d",
                                      "now-",
                                      "now-1",
                                      "now-1x",
                                      "now/",
                                      "now/q",
                                      "now-1000001d",
                                      "now-99999999999d",
                                      "nowish",
                                      "2021||",
                                      "2021|",
                                      "-",
                                      "+",
                                      "now d",
                                      "2021-07-29T23:53:26Europe/Berlin"}) {
    const auto span = parse_time_span(text, now(), TimeZone());
    if (text == "2021||") {
      EXPECT_TRUE(span);  // A sum of nothing.
      continue;
    }
    ASSERT_FALSE(span) << text;
    EXPECT_EQ(span.error().message,
              "expected a time such as 2021-07-29, 2021-07-29T23:53:26Z or now-24h, got '" +
                  std::string(text) + "'");
  }
  EXPECT_FALSE(parse_time_span("now" + std::string(50, '-') + std::string(60, 'd'), now(), {}));
}

TEST(TimeZone, FindsNamesAndOffsets) {
  for (const std::string_view name : {"UTC", "Z", "Europe/Berlin", "America/Argentina/Ushuaia",
                                      "Etc/GMT+5", "+02:00", "-0330", "+5", "+18:00"}) {
    const auto zone = TimeZone::find(name);
    ASSERT_TRUE(zone) << name;
    EXPECT_EQ(zone->name(), name);
  }
  for (const std::string_view name :
       {"", "Mars/Base", "europe/berlin/x", "../zoneinfo/UTC", "/etc/localtime", "Europe", "+",
        "+1:", "+24:00", "+18:01", "02:00", "libc:localtime", "localtime\n"}) {
    const auto zone = TimeZone::find(name);
    ASSERT_FALSE(zone) << name;
    EXPECT_EQ(zone.error().code, ErrorCode::bad_request);
  }
}

}  // namespace
}  // namespace trailsift::query::kql
