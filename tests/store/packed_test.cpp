#include "store/packed.h"

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace trailsift::store {
namespace {

using namespace std::string_view_literals;

TEST(Packed, NumbersHaveTheDocumentedForm) {
  const struct {
    std::uint64_t number;
    std::string_view bytes;
  } cases[] = {
      {0, "\x00"sv},
      {1, "\x01"sv},
      {127, "\x7f"sv},
      {128, "\x80\x01"sv},
      {300, "\xac\x02"sv},
      {16'383, "\xff\x7f"sv},
      {16'384, "\x80\x80\x01"sv},
      {std::numeric_limits<std::uint32_t>::max(), "\xff\xff\xff\xff\x0f"sv},
      {(std::uint64_t{1} << 56U) - 1, "\xff\xff\xff\xff\xff\xff\xff\x7f"sv},
  };
  std::string all;
  for (const auto& c : cases) {
    std::string bytes;
    append_packed(bytes, c.number);
    EXPECT_EQ(bytes, c.bytes) << c.number;
    all += bytes;
  }
  PackedReader reader(all);
  for (const auto& c : cases) {
    EXPECT_FALSE(reader.at_end());
    EXPECT_EQ(reader.packed(), c.number);
  }
  EXPECT_TRUE(reader.at_end());
}

TEST(Packed, DamagedNumbersAreZeroAndEndTheBytes) {
  const std::string_view cases[] = {
      ""sv,
      "\x80"sv,                                      // More is announced than there is.
      "\xff\xff\xff\xff\xff\xff\xff\xff\x01\x05"sv,  // Too large a number.
  };
  for (const auto& bytes : cases) {
    PackedReader reader(bytes);
    EXPECT_EQ(reader.packed(), 0U);
    EXPECT_FALSE(reader.ok());
    EXPECT_FALSE(reader.at_end());
    EXPECT_EQ(reader.rest(), "");
    EXPECT_EQ(reader.packed(), 0U);
  }
}

TEST(Packed, BytesAreCutWhereTheyEnd) {
  PackedReader reader(
      "\x02"
      "abcde");
  EXPECT_EQ(reader.bytes(reader.packed()), "ab");
  EXPECT_EQ(reader.rest(), "cde");
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.bytes(std::numeric_limits<std::uint64_t>::max()), "cde");
  EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace trailsift::store
