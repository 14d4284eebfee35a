#include "query/expression.h"

#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/query/test_store.h"
#include "tests/support/random_seed.h"

namespace trailsift::query {
namespace {

const Timestamp kNow = at("2021-07-30T00:00:00Z");

std::string value_of_text(const std::string& text, const Event& of) {
  const auto compiled = compile_expressions(std::vector<NamedExpression>{{"x", text}}, kNow);
  if (!compiled) return compiled.error().message;
  std::vector<double> operands;
  for (const auto& operand : compiled->front().operands()) {
    operands.push_back(operand_value(operand, of));
  }
  return std::to_string(compiled->front().evaluate(operands));
}

Event sample() {
  return event("e", "2021-07-29T12:00:00.250Z",
               R"("additionalEventData":{"bytesTransferredIn":100,"bytesTransferredOut":7})");
}

TEST(Expression, HasOperatorsWithTheirPrecedence) {
  const struct {
    const char *text, *want;
  } kRows[] = {
      {"1+2*3", "7"},
      {"(1+2)*3", "9"},
      {"10-4-3", "3"},
      {"100/10/5", "2"},
      {"17%5", "2"},
      {"-3+5", "2"},
      {"2--3", "5"},
      {"+5", "5"},
      {"!0+!7", "1"},
      {"~-1", "0"},
      {"~~6", "6"},
      {"6&3|8^1", "11"},
      {"1<<4", "16"},
      {"256>>4", "16"},
      {"-1>>>1", "9223372036854775807"},
      {"1<2", "1"},
      {"2<=1", "0"},
      {"3>=3", "1"},
      {"3>4", "0"},
      {"3==3", "1"},
      {"3!=3", "0"},
      {"1<2==1", "1"},
      {"1&&0||1", "1"},
      {"1||0&&0", "1"},
      {"0||0", "0"},
      {"1?2:3", "2"},
      {"0?2:3", "3"},
      {"0?1:0?2:3", "3"},
      {"1?0?4:5:6", "5"},
      {" 1 +\n2 ", "3"},
      {"0x1F", "31"},
      {"017", "15"},
      {"0", "0"},
      {"1.5e3", "1500"},
      {".5*4", "2"},
      {"2.4", "2"},
      {"2.5", "3"},
      // What is below 0 or no number is 0.
      {"-7", "0"},
      {"1/0", "0"},
      {"0/0", "0"},
      {"sqrt(-1)", "0"},
      {"1e300", "9223372036854775807"},
  };
  for (const auto& [text, want] : kRows) EXPECT_EQ(value_of_text(text, sample()), want) << text;
}

TEST(Expression, HasFunctions) {
  const struct {
    const char *text, *want;
  } kRows[] = {
      {"abs(-4)", "4"},
      {"ceil(1.1)", "2"},
      {"floor(1.9)", "1"},
      {"exp(0)", "1"},
      {"ln(exp(5))", "5"},
      {"log10(1000)", "3"},
      {"logn(2, 8)", "3"},
      {"max(2,3)", "3"},
      {"min(2,3)", "2"},
      {"pow(2,10)", "1024"},
      {"sqrt(81)", "9"},
      {"1000*acos(0)", "1571"},
      {"1000*acosh(2)", "1317"},
      {"1000*asin(1)", "1571"},
      {"1000*asinh(1)", "881"},
      {"1000*atan(1)", "785"},
      {"1000*atan2(1,1)", "785"},
      {"1000*atanh(0.5)", "549"},
      {"cos(0)", "1"},
      {"1000*cosh(1)", "1543"},
      {"1000*sin(1)", "841"},
      {"1000*sinh(1)", "1175"},
      {"1000*tan(1)", "1557"},
      {"1000*tanh(1)", "762"},
      {"haversin(52.52,13.405,48.8566,2.3522)", "877"},
  };
  for (const auto& [text, want] : kRows) EXPECT_EQ(value_of_text(text, sample()), want) << text;
}

TEST(Expression, LooksAtTheEvent) {
  const struct {
    const char *text, *want;
  } kRows[] = {
      {"bytes_in+bytes_out", "107"},
      {"bytes_in*bytes_in", "10000"},
      {"additionalEventData.bytesTransferredOut", "7"},
      {"event_time", "1627560000250"},
      {"_time", "1627603200000"},
      {"(_time-event_time)/1000", "43200"},
      {"_rand==_rand", "1"},
      {"_randa==_randb", "0"},
      {"_rand<2147483648", "1"},
  };
  for (const auto& [text, want] : kRows) EXPECT_EQ(value_of_text(text, sample()), want) << text;
  EXPECT_EQ(value_of_text("bytes_in", event("x", "2021-07-29T12:00:00Z")), "0");
}

TEST(Expression, NamesOthers) {
  const auto compiled = compile_expressions(
      std::vector<NamedExpression>{{"a", "b*2"}, {"b", "c+1"}, {"c", "4"}}, kNow);
  ASSERT_TRUE(compiled);
  EXPECT_EQ(compiled->at(0).evaluate({}), 10U);
  std::size_t wrong = 9;
  const auto circle = compile_expressions(
      std::vector<NamedExpression>{{"c", "1"}, {"a", "b"}, {"b", "1+a"}}, kNow, &wrong);
  ASSERT_FALSE(circle);
  EXPECT_EQ(wrong, 1U);
  EXPECT_EQ(circle.error().message, "expression 'a' names itself");
}

TEST(Expression, PointsAtMistakes) {
  const struct {
    std::string text, want;
    Span at;
  } kRows[] = {
      {"", "expected a number, a field or '(', got the end", {0, 0}},
      {"1+", "expected a number, a field or '(', got the end", {2, 2}},
      {"1 2", "expected an operator or the end, got '2'", {2, 3}},
      {"(1", "expected ')', got the end", {2, 2}},
      {"1?2", "expected ':', got the end", {3, 3}},
      {"abs()", "expected a number, a field or '(', got ')'", {4, 5}},
      {"max(1)", "expected ',', got ')'", {5, 6}},
      {"nope(1)", "there is no function 'nope'", {0, 4}},
      {"nope", "field (nope) does not exist.", {0, 4}},
      {"1+event_name", "expected a field of numbers or times, got 'event_name'", {2, 12}},
      {"raw", "expected a field of numbers or times, got 'raw'", {0, 3}},
      {"1=2", "expected an operator or the end, got '='", {1, 2}},
      {"\xC3\xA9", "expected a number, a field or '(', got '\xC3\xA9'", {0, 2}},
      {".", "expected a number, got '.'", {0, 1}},
  };
  for (const auto& [text, want, at] : kRows) {
    const auto compiled = compile_expressions(std::vector<NamedExpression>{{"x", text}}, kNow);
    ASSERT_FALSE(compiled) << text;
    EXPECT_EQ(compiled.error().message, want) << text;
    EXPECT_EQ(compiled.error().at, at) << text;
  }
}

TEST(Expression, HasLimits) {
  std::vector<NamedExpression> doubling{{"x0", "1"}};
  for (int i = 1; i < 30; ++i) {
    const std::string last = "x" + std::to_string(i - 1);
    doubling.push_back({"x" + std::to_string(i), last + "+" + last});
  }
  std::string sum = "1";
  for (std::size_t i = 0; i < 5100; ++i) sum += "+1";
  const std::vector<NamedExpression> kRows[] = {
      {{"x", std::string(200, '(')}},
      {{"x", std::string(kMaxExpressionTextBytes + 1, '1')}},
      {{"x", sum}},
      doubling,
      std::vector<NamedExpression>(kMaxExpressions + 1, {"x", "1"}),
  };
  for (const auto& sources : kRows) {
    const auto compiled = compile_expressions(sources, kNow);
    ASSERT_FALSE(compiled) << sources.front().text.substr(0, 40);
    EXPECT_EQ(compiled.error().code, ErrorCode::too_large);
  }
  EXPECT_TRUE(
      compile_expressions(std::vector<NamedExpression>{{"x", std::string(10'000, '-') + "1"}}, kNow)
          .error()
          .code == ErrorCode::too_large);
}

/// Random expressions with the value that they must have, worked out beside the text.
struct Known {
  std::string text;
  double value = 0;
};

class RandomExpression {
 public:
  explicit RandomExpression(std::uint64_t seed) : random_(seed) {}

  Known next(int depth) {
    if (depth == 0 || below(5) == 0) {
      const auto number = static_cast<double>(below(20));
      return below(3) == 0 ? Known{"bytes_in", 100}
                           : Known{std::to_string(static_cast<int>(number)), number};
    }
    if (below(6) == 0) {
      const Known a = next(depth - 1);
      const Known b = next(depth - 1);
      const Known c = next(depth - 1);
      return {"(" + a.text + " ? " + b.text + " : " + c.text + ")",
              a.value != 0 ? b.value : c.value};
    }
    const struct {
      const char* sign;
      std::function<double(double, double)> apply;
    } kOperators[] = {
        {"+", [](double a, double b) { return a + b; }},
        {"-", [](double a, double b) { return a - b; }},
        {"*", [](double a, double b) { return a * b; }},
        {"/", [](double a, double b) { return a / b; }},
        {"<", [](double a, double b) { return a < b ? 1.0 : 0.0; }},
        {">=", [](double a, double b) { return a >= b ? 1.0 : 0.0; }},
        {"==", [](double a, double b) { return a == b ? 1.0 : 0.0; }},
        {"&&", [](double a, double b) { return a != 0 && b != 0 ? 1.0 : 0.0; }},
        {"||", [](double a, double b) { return a != 0 || b != 0 ? 1.0 : 0.0; }},
    };
    const Known a = next(depth - 1);
    const Known b = next(depth - 1);
    const auto& [sign, apply] = kOperators[below(std::size(kOperators))];
    return {"(" + a.text + sign + b.text + ")", apply(a.value, b.value)};
  }

 private:
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  std::mt19937_64 random_;
};

TEST(Expression, AgreesWithValuesWorkedOutBeside) {
  RandomExpression random(test::random_seed());
  for (int i = 0; i < 2000; ++i) {
    const Known known = random.next(5);
    const double rounded = std::round(known.value);
    const bool counts = rounded > 0 && std::isfinite(rounded);
    const auto want = counts ? static_cast<std::uint64_t>(std::min(rounded, 9.2e18)) : 0;
    EXPECT_EQ(value_of_text(known.text, sample()), std::to_string(want))
        << known.text << ' ' << test::seed_note();
  }
}

}  // namespace
}  // namespace trailsift::query
