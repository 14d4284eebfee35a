#include "indexer/inflate.h"

#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/reading.h"

namespace trailsift::indexer::testing {
namespace {

using namespace std::string_literals;

/// The text that comes out, then `!reason@offset` when it ends in a fault.
std::string inflated(const std::string& bytes, const IngestLimits& limits, std::size_t reads,
                     std::size_t room) {
  MemoryStream stream(bytes, reads_of(reads));
  Inflater inflater(stream, limits);
  std::string text;
  std::vector<char> buffer(room);
  while (true) {
    const auto size = inflater.read(buffer);
    if (!size) {
      EXPECT_FALSE(inflater.read(buffer)) << "a fault is final";
      EXPECT_EQ(size.error().offset, text.size());
      text += '!';
      text += name(size.error().reason);
      return text += '@' + std::to_string(size.error().offset);
    }
    if (*size == 0) break;
    text.append(buffer.data(), *size);
  }
  EXPECT_EQ(inflater.bytes_taken(), bytes.size());
  return text;
}

/// The same however the bytes come and however little room there is.
std::string inflated_all_ways(const std::string& bytes, const IngestLimits& limits = {}) {
  std::string want = inflated(bytes, limits, 1UL << 20, 1UL << 20);
  for (const std::size_t reads : {1UL, 7UL, 4096UL}) {
    for (const std::size_t room : {1UL, 5UL, 4096UL}) {
      EXPECT_EQ(inflated(bytes, limits, reads, room), want)
          << "reads " << reads << ", room " << room;
    }
  }
  return want;
}

const std::string kA = gzip("aaa");
const std::string kB = gzip("bbb");

std::string with_byte(std::string text, std::size_t from_end, char change) {
  char& byte = text[text.size() - from_end];
  byte = static_cast<char>(byte ^ change);
  return text;
}

TEST(Inflate, KnowsGzipByItsFirstBytes) {
  const struct {
    const char* what;
    std::string bytes, want;
  } rows[] = {
      {"nothing", "", ""},
      {"plain text", "hello", "hello"},
      {"one byte of text", "h", "h"},
      {"one member", kA, "aaa"},
      {"stored without compression", gzip("aaa", 0), "aaa"},
      {"several members", kA + kB + kA, "aaabbbaaa"},
      {"empty members", gzip("") + kA + gzip(""), "aaa"},
      {"zero padding", kA + std::string(1000, '\0'), "aaa"},
      {"padding between members", kA + std::string(3, '\0') + kB, "aaabbb"},
      {"garbage behind a member", kA + "garbage", "aaa!gzip_corrupt@3"},
      {"garbage behind padding", kA + "\0\0x"s, "aaa!gzip_corrupt@3"},
      {"something else with the first magic byte", kA + "\x1fgarbage", "aaa!gzip_corrupt@3"},
      {"wrong checksum", with_byte(kA, 8, 1), "aaa!gzip_checksum@3"},
      {"wrong length", with_byte(kA, 4, 1), "aaa!gzip_checksum@3"},
      {"wrong checksum in the second member", kA + with_byte(kB, 7, 1), "aaabbb!gzip_checksum@6"},
      {"unknown method", "\x1f\x8b\x07"s + kA.substr(3), "!gzip_corrupt@0"},
      {"bad block", kA.substr(0, 10) + "\xff\xff\xff\xff", "!gzip_corrupt@0"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(inflated_all_ways(row.bytes), row.want);
  }
}

TEST(Inflate, TellsATruncationAtEveryByte) {
  const std::string text = "some text to be compressed, some text, some more";
  const std::string whole = gzip(text);
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const std::string got = inflated_all_ways(whole.substr(0, size));
    const std::size_t end = got.rfind('!');
    ASSERT_NE(end, std::string::npos) << "cut to " << size;
    EXPECT_TRUE(text.starts_with(got.substr(0, end))) << got;
    EXPECT_TRUE(got.substr(end).starts_with("!gzip_truncated")) << got << ", cut to " << size;
  }
}

TEST(Inflate, StopsAtTheSizeLimit) {
  IngestLimits limits;
  limits.max_inflated_bytes = 1000;
  EXPECT_EQ(inflated_all_ways(gzip(std::string(1000, 'x')), limits), std::string(1000, 'x'));
  EXPECT_EQ(inflated_all_ways(gzip(std::string(1001, 'x')), limits),
            std::string(1000, 'x') + "!inflate_size@1000");
  EXPECT_EQ(inflated_all_ways(gzip(std::string(600, 'x')) + gzip(std::string(600, 'x')), limits),
            std::string(1000, 'x') + "!inflate_size@1000");
  EXPECT_EQ(inflated_all_ways(std::string(2000, 'x'), limits), std::string(2000, 'x'))
      << "what is not compressed is no bomb";
}

TEST(Inflate, StopsAtTheRatioLimit) {
  IngestLimits limits;
  limits.max_inflate_ratio = 100;
  limits.ratio_free_bytes = 10'000;
  const std::string bomb = gzip(std::string(1'000'000, 'x'), 9);
  ASSERT_LT(bomb.size() * 500, 1'000'000);
  const std::string got = inflated(bomb, limits, 4096, 4096);
  EXPECT_TRUE(got.find("!inflate_ratio@") != std::string::npos);
  EXPECT_LT(got.size(), 100 * bomb.size() + 2UL * 4096);

  EXPECT_EQ(inflated(gzip(std::string(10'000, 'x')), limits, 4096, 4096), std::string(10'000, 'x'))
      << "small files may be as dense as they like";
}

TEST(Inflate, GivesTheTextBeforeAReadError) {
  for (const std::string& bytes : {"plain"s, gzip("plain").substr(0, 15)}) {
    MemoryStream stream(bytes, reads_of(3), "disk on fire");
    Inflater inflater(stream, {});
    std::vector<char> buffer(100);
    std::string text;
    auto size = inflater.read(buffer);
    for (; size && *size > 0; size = inflater.read(buffer)) text.append(buffer.data(), *size);
    ASSERT_FALSE(size);
    EXPECT_EQ(size.error().reason, Reject::unreadable);
    EXPECT_EQ(size.error().detail, "disk on fire");
    EXPECT_TRUE("plain"s.starts_with(text));
  }
}

TEST(Inflate, EverythingBeforeTheFaultIsIndexed) {
  const std::string two = envelope({record("a"), record("b")});
  const std::string at_end = '@' + std::to_string(two.size());
  const struct {
    const char* what;
    std::string bytes, want;
  } rows[] = {
      {"wrong checksum", with_byte(gzip(two), 8, 1), "a b !gzip_checksum" + at_end},
      {"garbage", gzip(two) + "x", "a b !gzip_corrupt" + at_end},
      {"cut behind the text", gzip(two).substr(0, gzip(two).size() - 1),
       "a b !gzip_truncated" + at_end},
      {"cut inside a record", gzip(two, 0).substr(0, 200),
       "a !gzip_truncated@" + std::to_string(envelope({record("a")}).size() - 1)},
      {"cut digest", gzip(R"({"digestStartTime":"2024-05-01T10:00:00Z"})", 0).substr(0, 40),
       "!gzip_truncated@0"},
      {"cut before any text", gzip(two).substr(0, 10), "!gzip_truncated@0"},
      {"second member cut", gzip(record("a") + "\n") + gzip(record("b")).substr(0, 30),
       "a !gzip_truncated@" + std::to_string(record("a").size() + 1)},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    EXPECT_EQ(read_all_ways(row.bytes).summary, row.want);
  }
}

TEST(Inflate, ABombIsOneRejection) {
  IngestLimits limits;
  limits.ratio_free_bytes = 1 << 20;
  const std::string zeros(64UL << 20, '\0');
  MemoryStream bomb(gzip(zeros, 9));
  EXPECT_EQ(read(bomb, limits).summary, "!inflate_ratio@0");

  limits = {};
  limits.max_inflated_bytes = 1 << 20;
  MemoryStream large(gzip(record("a") + zeros));
  EXPECT_EQ(read(large, limits).summary, "a !inflate_size@" + std::to_string(record("a").size()));
}

}  // namespace
}  // namespace trailsift::indexer::testing
