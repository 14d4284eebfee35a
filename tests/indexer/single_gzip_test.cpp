#include "indexer/single_gzip.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/indexer/reading.h"

namespace trailsift::indexer {
namespace {

struct Inflated {
  GzipEnd end;
  std::string text;
};

Inflated inflated(const std::string& bytes, const IngestLimits& limits = {}) {
  std::string text;
  const GzipEnd end = inflate_single(bytes, limits, [&](std::string_view piece) { text += piece; });
  return {end, text};
}

TEST(SingleGzip, IsOneMemberAndNothingElse) {
  const std::string long_text(300'000, 'x');
  const std::string sound = testing::gzip("abc");
  std::string wrong_checksum = sound;
  wrong_checksum[sound.size() - 8] = static_cast<char>(wrong_checksum[sound.size() - 8] ^ 1);
  const struct {
    std::string bytes;
    GzipEnd end;
    std::string text;
  } rows[] = {
      {sound, GzipEnd::sound, "abc"},
      {testing::gzip(""), GzipEnd::sound, ""},
      {testing::gzip(long_text), GzipEnd::sound, long_text},
      {sound + sound, GzipEnd::trailing_data, "abc"},
      {sound + '\0', GzipEnd::trailing_data, "abc"},
      {sound + "x", GzipEnd::trailing_data, "abc"},
      {"", GzipEnd::damaged, ""},
      {"abc", GzipEnd::damaged, ""},
      {wrong_checksum, GzipEnd::damaged, "abc"},
      {sound.substr(0, sound.size() - 1), GzipEnd::damaged, "abc"},
      {sound.substr(0, 5), GzipEnd::damaged, ""},
  };
  for (const auto& row : rows) {
    const Inflated got = inflated(row.bytes);
    EXPECT_EQ(got.end, row.end) << row.bytes.size();
    EXPECT_EQ(got.text, row.text) << row.bytes.size();
  }
}

TEST(SingleGzip, StopsAtTheLimits) {
  const std::string bomb = testing::gzip(std::string(1'000'000, '\0'), 9);
  const Inflated by_size = inflated(bomb, {.max_inflated_bytes = 200'000});
  EXPECT_EQ(by_size.end, GzipEnd::too_large);
  EXPECT_LE(by_size.text.size(), 200'000U);
  const Inflated by_ratio = inflated(bomb, {.max_inflate_ratio = 100, .ratio_free_bytes = 100'000});
  EXPECT_EQ(by_ratio.end, GzipEnd::too_large);
  EXPECT_LE(by_ratio.text.size(), 200'000U);
  EXPECT_EQ(inflated(bomb, {.max_inflated_bytes = 1'000'000}).end, GzipEnd::sound);
}

}  // namespace
}  // namespace trailsift::indexer
