#include "indexer/utf8.h"

#include <gtest/gtest.h>

namespace trailsift::indexer {
namespace {

TEST(ValidUtf8, ReplacesWhatIsNoCharacter) {
  const struct {
    const char *text, *want;
  } rows[] = {
      {"", ""},
      {"plain \x7f\x01", "plain \x7f\x01"},
      {"\u00e9 \u20ac \U0001F600", "\u00e9 \u20ac \U0001F600"},
      {"a\xff", "a\uFFFD"},
      {"\xC3", "\uFFFD"},
      {"\xC3(", "\uFFFD("},
      {"\xE2\x82", "\uFFFD\uFFFD"},
      {"\xC0\xAF", "\uFFFD\uFFFD"},                      // Overlong.
      {"\xE0\x80\xAF", "\uFFFD\uFFFD\uFFFD"},            // Overlong.
      {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},            // A surrogate.
      {"\xF4\x90\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},  // Beyond U+10FFFF.
      {"\xF0\x9F\x98\x80\x80", "\U0001F600\uFFFD"},
  };
  for (const auto& row : rows) EXPECT_EQ(valid_utf8(row.text), row.want);
}

TEST(Utf8, ShortensBetweenCharacters) {
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
    EXPECT_EQ(shortened_utf8(c.text, c.most), c.want) << c.text.substr(0, 20);
  }
}

}  // namespace
}  // namespace trailsift::indexer
