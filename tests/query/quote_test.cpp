#include "query/quote.h"

#include <string>

#include <gtest/gtest.h>

namespace trailsift::query {
namespace {

TEST(Quote, EscapesQuotesAndBackslashes) {
  EXPECT_EQ(escaped("", '\''), "''");
  EXPECT_EQ(escaped(R"(O'Brien "x" \ y)", '\''), R"('O\'Brien "x" \\ y')");
  EXPECT_EQ(escaped(R"(O'Brien "x")", '"'), R"("O'Brien \"x\"")");
}

TEST(Quote, MakesUserInputSafeAndShort) {
  EXPECT_EQ(in_quotes("a\x1B[31m\nb\x7F"), "'a?[31m?b?'");
  EXPECT_EQ(in_quotes("\xC2\x9B\xC2\xA7\xC2"), "'?\xC2\xA7\xC2'");
  EXPECT_EQ(in_quotes(std::string(80, 'x')), "'" + std::string(80, 'x') + "'");
  EXPECT_EQ(in_quotes(std::string(81, 'x')), "'" + std::string(80, 'x') + "...'");
}

TEST(Quote, FindsTheFirstByteThatIsNotUtf8) {
  const struct {
    std::string_view text;
    std::optional<std::size_t> want;
  } kCases[] = {
      {"", std::nullopt},
      {"plain", std::nullopt},
      {std::string_view("\0\x7F", 2), std::nullopt},
      {"\xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80", std::nullopt},
      {"\xEF\xBF\xBF \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF", std::nullopt},
      {"a\x80", 1},                // A continuation without a beginning.
      {"ab\xC3", 2},               // Cut off.
      {"ab\xE2\x80", 2},           //
      {"ab\xF0\x9F\x98", 2},       //
      {"\xC0\x80", 0},             // Overlong.
      {"\xC1\xBF", 0},             //
      {"\xE0\x9F\xBF", 0},         //
      {"\xF0\x8F\xBF\xBF", 0},     //
      {"\xED\xA0\x80", 0},         // A surrogate.
      {"\xF4\x90\x80\x80", 0},     // Beyond U+10FFFF.
      {"\xF5\x80\x80\x80", 0},     //
      {"x\xFF", 1},                //
      {"\xE2\x28\xA1", 0},         // A wrong second byte.
      {"\xE2\x82\x28", 0},         // A wrong third byte.
      {"\xF0\x90\x28\xBC", 0},     //
      {"\xF0\x90\x80\x28", 0},     // A wrong fourth byte.
      {"\xC3\xA9\xC3\xA9\xC3", 4}  //
  };
  for (const auto& c : kCases) EXPECT_EQ(find_invalid_utf8(c.text), c.want) << in_quotes(c.text);
}

}  // namespace
}  // namespace trailsift::query
