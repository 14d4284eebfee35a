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

}  // namespace
}  // namespace trailsift::indexer
