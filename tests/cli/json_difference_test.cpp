#include "cli/json_difference.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::cli {
namespace {

std::string found(const std::string& wanted, const std::string& got) {
  rapidjson::Document left;
  rapidjson::Document right;
  EXPECT_FALSE(left.Parse(wanted.c_str()).HasParseError()) << wanted;
  EXPECT_FALSE(right.Parse(got.c_str()).HasParseError()) << got;
  std::string all;
  for (const std::string& line : differences(left, right)) {
    all.append(all.empty() ? "" : "\n").append(line);
  }
  return all;
}

TEST(JsonDifference, TellsWhatIsMissingAndNothingElse) {
  const struct {
    std::string wanted, got, differences;
  } kCases[] = {
      {"{}", R"({"a":1})", ""},
      {R"({"a":1})", R"({"a":1,"b":2})", ""},
      {R"({"a":1})", R"({"a":2})", "a: expected 1, got 2"},
      {R"({"a":1})", "{}", "a: expected 1, got nothing"},
      {R"({"a":{"b":"x"}})", R"({"a":{"b":"y"}})", R"(a.b: expected "x", got "y")"},
      {R"({"a":{"b":"x"}})", R"({"a":"x"})", R"(a: expected {"b":"x"}, got "x")"},
      {R"({"a":{"b":"x"}})", R"({"a":null})", R"(a: expected {"b":"x"}, got null)"},
      // Texts of numbers and the like.
      {R"({"a":"300"})", R"({"a":300})", ""},
      {R"({"a":10})", R"({"a":"10"})", ""},
      {R"({"a":"true"})", R"({"a":true})", ""},
      {R"({"a":true})", R"({"a":"false"})", R"(a: expected true, got "false")"},
      {R"({"a":null})", R"({"a":null})", ""},
      {R"({"a":null})", R"({"a":"eu-west-1"})", R"(a: expected null, got "eu-west-1")"},
      // One and a list of one.
      {R"({"a":"x"})", R"({"a":["x"]})", ""},
      {R"({"a":["x"]})", R"({"a":"x"})", ""},
      {R"({"a":"x"})", R"({"a":["x","y"]})", R"(a: expected "x", got ["x","y"])"},
      {R"({"a":["x","y"]})", R"({"a":["y","z","x"]})", ""},
      {R"({"a":["x","y"]})", R"({"a":["x"]})", R"(a: expected "y" among ["x"])"},
      {R"({"a":[{"b":1}]})", R"({"a":[{"b":2},{"b":1,"c":3}]})", ""},
      // JSON in a text.
      {R"({"p":{"a":1}})", R"({"p":"{\"a\":1,\"b\":2}"})", ""},
      {R"({"p":{"a":1}})", R"({"p":"{\"a\":2}"})", "p.a: expected 1, got 2"},
      {R"({"p":{"a":1}})", R"({"p":"no json"})", R"(p: expected {"a":1}, got "no json")"},
      // Statements.
      {R"([{"Sid":"A","Action":"x"}])", R"([{"Sid":"B"},{"Sid":"A","Action":"y"}])",
       R"([A].Action: expected "x", got "y")"},
      {R"([{"Sid":"A","Principal":{"Service":"s"}}])", R"([{"Sid":"A","Principal":"*"}])",
       R"([A].Principal: expected {"Service":"s"}, got "*")"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(found(c.wanted, c.got), c.differences) << c.wanted << " in " << c.got;
  }
}

TEST(JsonDifference, CutsWhatIsLong) {
  const std::string text = found(R"({"a":1})", R"({"a":")" + std::string(5000, 'x') + "\"}");
  EXPECT_LT(text.size(), 400U);
  EXPECT_TRUE(text.ends_with("…")) << text;
}

}  // namespace
}  // namespace trailsift::cli
