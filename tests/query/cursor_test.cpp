#include "query/cursor.h"

#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/base64url.h"
#include "schema/field.h"

namespace trailsift::query {
namespace {

using std::chrono::milliseconds;

const std::vector<SortKey> kNewestFirst;

std::vector<SortKey> region_then_bytes() {
  return {{field_index("aws_region"), false}, {field_index("bytes_out"), true}};
}

Position some_position() {
  return {{"eu-central-1", std::nullopt}, Timestamp(milliseconds(1627602806123)), "id-1"};
}

std::string error_of(const Result<Position>& position) {
  if (position) return "no error";
  return std::string(name(position.error().code)) + ": " + position.error().message;
}

TEST(Base64Url, FollowsTheRfc) {
  const struct {
    std::string bytes, text;
  } kCases[] = {{"", ""},
                {"f", "Zg"},
                {"fo", "Zm8"},
                {"foo", "Zm9v"},
                {"foob", "Zm9vYg"},
                {"\xfb\xff\xfe", "-__-"},
                {std::string(3, '\0'), "AAAA"}};
  for (const auto& c : kCases) {
    EXPECT_EQ(encode_base64url(c.bytes), c.text);
    EXPECT_EQ(decode_base64url(c.text), c.bytes);
  }
}

TEST(Base64Url, RefusesWhatItWouldNotWrite) {
  for (const char* text : {"Z", "Zg==", "Zh", "Zm9", "Zm9v Zm9v", "Zm+v", "Zm/v", "Zm9vY"}) {
    EXPECT_EQ(decode_base64url(text), std::nullopt) << text;
  }
}

TEST(Cursor, ComesBackAsItWent) {
  const struct {
    const char* what;
    Position position;
    std::vector<SortKey> keys;
  } kCases[] = {
      {"newest first", {{}, Timestamp(milliseconds(1627602806123)), "id-1"}, kNewestFirst},
      {"absent value", some_position(), region_then_bytes()},
      {"empty, long and odd values",
       {{std::string("a\0\xff", 3), std::string(5000, 'x')}, Timestamp(milliseconds(-1)), ""},
       region_then_bytes()},
  };
  for (const auto& c : kCases) {
    const std::string cursor = encode_cursor(c.position, "matchall", c.keys);
    EXPECT_EQ(cursor.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_"),
              std::string::npos)
        << c.what;
    const auto decoded = decode_cursor(cursor, "matchall", c.keys);
    ASSERT_TRUE(decoded) << c.what << ": " << decoded.error().message;
    EXPECT_EQ(*decoded, c.position) << c.what;
  }
}

TEST(Cursor, BelongsToOneQueryAndOrder) {
  const std::string cursor = encode_cursor(some_position(), "matchall", region_then_bytes());
  const std::string foreign =
      "bad_request: expected the cursor of this query and order, got one of another";
  auto keys = region_then_bytes();
  EXPECT_EQ(error_of(decode_cursor(cursor, "event_name:'x'", keys)), foreign);
  keys[1].descending = false;
  EXPECT_EQ(error_of(decode_cursor(cursor, "matchall", keys)), foreign);
  EXPECT_EQ(error_of(decode_cursor(cursor, "matchall", kNewestFirst)), foreign);
}

TEST(Cursor, NoticesAnyDamage) {
  const std::string damaged =
      "bad_request: expected 'initial' or the cursor of an earlier answer, got one that is damaged";
  const auto keys = region_then_bytes();
  const std::string cursor = encode_cursor(some_position(), "matchall", keys);
  for (const std::string& text : {std::string(), std::string("x"), std::string("Initial"),
                                  cursor + "A", cursor + "AAAA", "%" + cursor, cursor + "=="}) {
    EXPECT_EQ(error_of(decode_cursor(text, "matchall", keys)), damaged) << text;
  }
  for (std::size_t i = 0; i < cursor.size(); ++i) {
    EXPECT_EQ(error_of(decode_cursor(cursor.substr(0, i), "matchall", keys)), damaged) << i;
    std::string changed = cursor;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_EQ(error_of(decode_cursor(changed, "matchall", keys)), damaged) << i;
  }
}

/// FNV-1a, as docs say it: whoever can compute it can forge a cursor, so content is not trusted.
std::string with_checksum(std::string content) {
  std::uint64_t hash = 14695981039346656037U;
  for (const char byte : content) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211U;
  }
  for (int i = 0; i < 8; ++i) content += static_cast<char>(hash >> (8 * i) & 0xFFU);
  return encode_base64url(content);
}

TEST(Cursor, SurvivesForgedContent) {
  const auto keys = region_then_bytes();
  const auto bytes = decode_base64url(encode_cursor(some_position(), "matchall", keys));
  ASSERT_TRUE(bytes);
  const std::string content = bytes->substr(0, bytes->size() - 8);
  EXPECT_TRUE(decode_cursor(with_checksum(content), "matchall", keys));

  std::string newer = content;
  newer[0] = 2;
  EXPECT_EQ(error_of(decode_cursor(with_checksum(newer), "matchall", keys)),
            "bad_request: expected a cursor of version 1, got version 2");

  constexpr std::size_t kTimeBegin = 9;
  std::string far_future = content;
  for (std::size_t i = 0; i < 8; ++i) far_future[kTimeBegin + i] = i == 7 ? '\x7f' : '\xff';
  EXPECT_FALSE(decode_cursor(with_checksum(far_future), "matchall", keys));

  std::mt19937_64 random(7);
  for (int i = 0; i < 2000; ++i) {
    std::string forged = content.substr(0, random() % (content.size() + 1));
    for (std::size_t j = kTimeBegin; j < forged.size(); ++j) {
      if (random() % 8 == 0) forged[j] = static_cast<char>(random());
    }
    const auto position = decode_cursor(with_checksum(forged), "matchall", keys);
    if (position) {
      EXPECT_EQ(position->values.size(), keys.size());
    }
  }
}

}  // namespace
}  // namespace trailsift::query
