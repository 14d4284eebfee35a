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

}  // namespace
}  // namespace trailsift::query
