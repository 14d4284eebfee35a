#include "schema/duration.h"

#include <gtest/gtest.h>

namespace trailsift {
namespace {

using namespace std::chrono_literals;

TEST(Duration, IsANumberAndAUnit) {
  struct Case {
    const char* text;
    std::optional<std::chrono::milliseconds> expected;
  };
  const Case kCases[] = {
      {"1ms", 1ms},
      {"500ms", 500ms},
      {"30s", 30s},
      {"5m", 5min},
      {"1h", 1h},
      {"1d", 24h},
      {"2w", 336h},
      {"007s", 7s},
      {"36600d", 36600 * 24h},  // A hundred years.
      {"36601d", {}},
      {"9223372036854775807w", {}},
      {"92233720368547758070s", {}},
      {"0s", {}},
      {"-1s", {}},
      {"+1s", {}},
      {"", {}},
      {"s", {}},
      {"5", {}},
      {"5 s", {}},
      {" 5s", {}},
      {"5s ", {}},
      {"5S", {}},
      {"5mo", {}},
      {"1.5h", {}},
      {"1h30m", {}},
  };
  for (const Case& c : kCases) EXPECT_EQ(parse_duration(c.text), c.expected) << c.text;
}

}  // namespace
}  // namespace trailsift
