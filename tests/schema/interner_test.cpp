#include "schema/interner.h"

#include <string>

#include <gtest/gtest.h>

namespace trailsift {
namespace {

TEST(Interner, NumbersTextsUnderTheirTagsByFirstAppearance) {
  const struct {
    std::uint32_t tag;
    std::string text;
    std::uint32_t want;
  } cases[] = {
      {0, "a", 0},
      {0, "b", 1},
      {1, "a", 2},
      {0, "a", 0},
      {0, "", 3},
      {1, "", 4},
      {0, std::string("a\0", 2), 5},
      {1, "a", 2},
      {0, std::string(1 << 20, 'x'), 6},
      {0, "", 3},
      {0, std::string(1 << 20, 'x'), 6},
  };
  Interner interner;
  for (const auto& c : cases) {
    const std::uint32_t number = interner.intern(c.tag, c.text);
    EXPECT_EQ(number, c.want) << c.tag << ' ' << c.text.substr(0, 10);
    EXPECT_EQ(interner[number].tag, c.tag);
    EXPECT_EQ(interner[number].text, c.text);
  }
  EXPECT_EQ(interner.size(), 7U);
}

TEST(Interner, GrowsWithoutMovingTexts) {
  constexpr std::uint32_t kMany = 10'000;
  Interner interner;
  const auto tag = [](std::uint32_t number) { return number % 3; };
  ASSERT_EQ(interner.intern(tag(0), "0"), 0U);
  const char* const first = interner[0].text.data();
  for (std::uint32_t i = 1; i < kMany; ++i) {
    ASSERT_EQ(interner.intern(tag(i), std::to_string(i)), i);
  }
  for (std::uint32_t i = 0; i < kMany; ++i) {
    EXPECT_EQ(interner.intern(tag(i), std::to_string(i)), i);
    EXPECT_EQ(interner[i].text, std::to_string(i));
  }
  EXPECT_EQ(interner[0].text.data(), first);
  EXPECT_GT(interner.memory_bytes(), kMany * sizeof(Interner::Item));
}

TEST(Interner, NumbersAnewWhenCleared) {
  Interner interner;
  const std::string long_text(1'000'000, 'x');
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(interner.intern(1, "b"), 0U);
    EXPECT_EQ(interner.intern(1, long_text), 1U);
    for (std::uint32_t i = 2; i < 100'000; ++i) {
      ASSERT_EQ(interner.intern(round, std::to_string(i)), i);
    }
    EXPECT_EQ(interner[1].text, long_text);
    EXPECT_EQ(interner[2].text, "2");
    EXPECT_GT(interner.memory_bytes(), long_text.size());
    interner.clear();
    EXPECT_EQ(interner.size(), 0U);
    EXPECT_EQ(interner.memory_bytes(), 0U);
  }
}

}  // namespace
}  // namespace trailsift
