#include "query/regular_expression.h"

#include <string>

#include <gtest/gtest.h>

namespace trailsift::query {
namespace {

bool is_found(std::string_view pattern, std::string_view value,
              LetterCase letters = LetterCase::any) {
  const auto expression = RegularExpression::compile(pattern, letters);
  EXPECT_TRUE(expression) << expression.error().message;
  return expression && expression->matches(value);
}

TEST(RegularExpression, IsFoundAnywhereInAValue) {
  EXPECT_TRUE(is_found("b+", "abbc"));
  EXPECT_FALSE(is_found("^b+$", "abbc"));
  EXPECT_TRUE(is_found("ABB", "abbc"));
  EXPECT_FALSE(is_found("ABB", "abbc", LetterCase::exact));
  EXPECT_TRUE(is_found("a.b", "a\nb"));
  EXPECT_TRUE(is_found("^Zo\xC3\xAB$", "zo\xC3\x8B"));
  EXPECT_TRUE(is_found(R"(a\/b)", "a/b"));
}

TEST(RegularExpression, SaysWhatIsWrong) {
  const auto broken = RegularExpression::compile("a(", LetterCase::any);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::bad_query);
  EXPECT_EQ(broken.error().message, "cannot read regular expression: missing ): a(");
}

TEST(RegularExpression, HasABudget) {
  std::string bomb = "a";
  for (int i = 0; i < 8; ++i) bomb = "(" + bomb + "){1,9}";
  for (const std::string& pattern :
       {bomb, std::string("((a{1,100}){1,100}){1,100}"), std::string("(\\pL{1,500}){2}"),
        std::string(kMaxExpressionBytes + 1, 'a')}) {
    const auto large = RegularExpression::compile(pattern, LetterCase::any);
    ASSERT_FALSE(large) << pattern.substr(0, 40);
    EXPECT_NE(large.error().message, "");
  }
  // What other engines need ages for takes time in proportion to the value.
  EXPECT_FALSE(is_found("^(a+)+$", std::string(100'000, 'a') + "b"));
  EXPECT_FALSE(is_found("(x+x+)+y", std::string(100'000, 'x')));
}

}  // namespace
}  // namespace trailsift::query
