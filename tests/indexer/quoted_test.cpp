#include "indexer/quoted.h"

#include <gtest/gtest.h>

namespace trailsift::indexer {
namespace {

TEST(Quoted, IsTextOfOneLine) {
  EXPECT_EQ(quoted("a\x1B[31m\nb\xFF"), "'a?[31m?b\uFFFD'");
  EXPECT_EQ(quoted("abcd", 3), "'abc…'");
  EXPECT_EQ(quoted("ab\u20ac", 4), "'ab…'");
}

TEST(Shortened, CutsBetweenCharacters) {
  const struct {
    std::string text;
    std::size_t most;
    std::string want;
  } kCases[] = {
      {"", 4, ""},
      {"abcd", 4, "abcd"},
      {"abcde", 4, "a…"},
      {"äöü", 6, "äöü"},
      {"äöüx", 6, "ä…"},
      {"abc\u20ac\u20ac", 8, "abc…"},
      {"ab\xff", 5, "ab\uFFFD"},
      {"abc\xff", 5, "ab…"},
      {"\xff\xff\xff\xff", 4, "…"},
      {std::string(100'000, 'x'), 8, "xxxxx…"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(shortened(c.text, c.most), c.want) << c.text.substr(0, 20);
  }
}

}  // namespace
}  // namespace trailsift::indexer
