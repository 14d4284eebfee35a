#include "query/kql_parser.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "query/parse.h"

namespace trailsift::query::kql {
namespace {

struct Case {
  std::string_view query;
  std::string_view printed;
};

TEST(KqlParser, PrintsWhatItReadAndReadsItAgain) {
  const std::vector<Case> cases = {
      {"", "*"},
      {"  \t\n", "*"},
      {"*", "*"},
      {"**", "*"},
      {"alice", "alice"},
      {"alice bob", "alice and bob"},
      {"a AND b Or c", "(a and b) or c"},
      {"a and b and c", "a and b and c"},
      {"a and (b and c)", "a and (b and c)"},
      {"((a))", "a"},
      {"not a b", "not a and b"},
      {"NOT not (a or b)", "not not (a or b)"},
      {"f:v", "f:v"},
      {"f : v", "f:v"},
      {"f = v", "f:v"},
      {"f:=v", "f == v"},
      {"f==v", "f == v"},
      {"f!=v", "not f:v"},
      {"f !== v", "not f == v"},
      {"f>5", "f > 5"},
      {"f:>=5", "f >= 5"},
      {"f <= -5", "f <= -5"},
      {"f < now-1d/d", "f < \"now-1d/d\""},
      {"f:\"a b\"", "f:\"a b\""},
      {"f:'it is'", "f:\"it is\""},
      {"f:it's", "f:\"it's\""},
      {"f:\"say \\\"x\\\"\"", "f:\"say \\\"x\\\"\""},
      {"f:\"a\\tb\\d\"", "f:\"a\tb\\\\d\""},
      {"f:a\\ b", "f:\"a b\""},
      {"f:\\u0041b", "f:Ab"},
      {"f:\\and", "f:\"and\""},
      {"f:\\nOt", "f:\"nOt\""},
      {"f:\\notify", "f:\"\notify\""},
      {"f:a\\*b*", "f:a\\*b*"},
      {"f:*a\\ \\tb", "f:*a\\ \\tb"},
      {"f:\"*\"", "f:\"*\""},
      {"f:arn:aws:iam::1:user/a", "f:\"arn:aws:iam::1:user/a\""},
      {"f:(a or b)", "f:(a or b)"},
      {"f:(a b*) c", "f:(a and b*) and c"},
      {"f == (a or not \"b c\")", "f == (a or not \"b c\")"},
      {"f:(not (a and b:c))", "f:(not (a and \"b:c\"))"},
      {"f:(>5 and <= 10)", "f:(> 5 and <= 10)"},
      {"f:([1 to 2] or 7)", "f:([1 to 2] or 7)"},
      {"f:[1 TO 5}", "f:[1 to 5}"},
      {"f:{* to 5]", "f:[* to 5]"},
      {"f:[2021-07-29T23:53:26Z to *]", "f:[\"2021-07-29T23:53:26Z\" to *]"},
      {"f:[\"to\" to b]", "f:[\"to\" to b]"},
      {"f:/a\\/b c/ x", "f:/a\\/b c/ and x"},
      {"/x/", "/x/"},
      {"/aws/lambda/x", "\"/aws/lambda/x\""},
      {"f:(/x/ or /y/)", "f:(/x/ or /y/)"},
      {"f:$g.h", "f:$g.h"},
      {"f != $\"g h\"", "not f:$\"g h\""},
      {"f.\"x:y\".z:v", "\"f.x:y.z\":v"},
      {"f.x\\:y:v", "\"f.x:y\":v"},
      {"\"f g\":v", "\"f g\":v"},
      {"f_*:v", "f_*:v"},
      {"*:v", "*:v"},
      {"f:]", "f:\"]\""},
      {"f:\xC3\xA9t\xC3\xA9*", "f:\xC3\xA9t\xC3\xA9*"},
  };
  for (const auto& [query, printed] : cases) {
    const auto node = parse_syntax(query);
    ASSERT_TRUE(node) << render(node.error(), query);
    EXPECT_EQ(to_string(*node), printed) << query;
    const auto again = parse_syntax(to_string(*node));
    ASSERT_TRUE(again) << render(again.error(), printed);
    EXPECT_EQ(*again, *node) << query;
    EXPECT_EQ(to_string(*again), printed) << query;
  }
}

struct Mistake {
  std::string_view query;
  std::string_view message;
  Span at;
};

TEST(KqlParser, PointsAtTheMistake) {
  const std::vector<Mistake> cases = {
      {"and", "expected a field or a value, got 'and'", {0, 3}},
      {"a or", "expected a field or a value, got end of query", {4, 4}},
      {"not", "expected a field or a value, got end of query", {3, 3}},
      {"()", "expected a field or a value, got ')'", {1, 2}},
      {"(a", "expected 'and', 'or' or ')', got end of query", {2, 2}},
      {"a)", "expected 'and', 'or' or end of query, got ')'", {1, 2}},
      {":a", "expected a field or a value, got ':'", {0, 1}},
      {"f:", "expected a value, got end of query", {2, 2}},
      {"f: and b", "expected a value, got 'and'", {3, 6}},
      {"f:(a or)", "expected a value, got ')'", {7, 8}},
      {"f:(a", "expected 'and', 'or' or ')', got end of query", {4, 4}},
      {"f > (a)", "expected a value, got '('", {4, 5}},
      {"f > /a/", "expected a value, got '/a/'", {4, 7}},
      {"f > $g", "expected a value, got '$g'", {4, 6}},
      {"f == [1 to 2]", "expected a value, got '['", {5, 6}},
      {"f:[1 2]", "expected 'to', got '2'", {5, 6}},
      {"f:[1 to]", "expected a bound such as 5, now-24h or *, got ']'", {7, 8}},
      {"f:[to to 1]", "expected a bound such as 5, now-24h or *, got 'to'", {3, 5}},
      {"f:[1 to 2", "expected ']' or '}', got end of query", {9, 9}},
      {"f:\"a", "expected a closing \", got end of query", {2, 3}},
      {"f:'a", "expected a closing ', got end of query", {2, 3}},
      {"f.\"a", "expected a closing \", got end of query", {0, 1}},
      {"f:$", "expected the name of a field behind '$', got '$'", {2, 3}},
      {"f:$a*", "expected the name of a field behind '$', got '$a*'", {2, 5}},
      {"f:v:w\xFF", "expected UTF-8, got a byte that is not", {5, 6}},
  };
  for (const auto& [query, message, at] : cases) {
    const auto node = parse_syntax(query);
    ASSERT_FALSE(node) << query;
    EXPECT_EQ(node.error().code, ErrorCode::bad_query) << query;
    EXPECT_EQ(node.error().message, message) << query;
    EXPECT_EQ(node.error().at, at) << query;
  }
}

TEST(KqlParser, KnowsWhereEachPartStands) {
  const std::string_view query = "a and f:(b or \"c\")";
  const auto node = parse_syntax(query);
  ASSERT_TRUE(node);
  const auto text = [&](Span at) { return query.substr(at.begin, at.end - at.begin); };
  EXPECT_EQ(text(node->at), query);
  const auto& list = std::get<List>(std::get<Group>(node->kind).children[1].kind);
  EXPECT_EQ(text(std::get<Group>(node->kind).children[1].at), "f:(b or \"c\")");
  EXPECT_EQ(text(list.name.at), "f");
  EXPECT_EQ(text(list.values.front().at), "b or \"c\"");
  const auto& last = std::get<Group>(list.values.front().kind).children[1];
  EXPECT_EQ(text(std::get<Condition>(last.kind).value.at), "\"c\"");
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST(KqlParser, RefusesWhatPassesALimit) {
  const std::vector<std::pair<std::string, std::string_view>> cases = {
      {std::string(kMaxQueryBytes + 1, 'a'), "expected a query of at most 262144 bytes"},
      {repeated("(", 100'000), "operators inside each other"},
      {repeated("not ", 60'000) + "a", "operators inside each other"},
      {"f:" + repeated("(", 100'000), "operators inside each other"},
      {repeated("a ", kMaxQueryClauses + 1), "conditions in a query"},
      {"f:(" + repeated("a or ", kMaxQueryClauses) + "b)", "conditions in a query"},
  };
  for (const auto& [query, message] : cases) {
    const auto node = parse_syntax(query);
    ASSERT_FALSE(node) << query.substr(0, 20);
    EXPECT_EQ(node.error().code, ErrorCode::too_large);
    EXPECT_NE(node.error().message.find(message), std::string::npos) << node.error().message;
  }
  EXPECT_TRUE(parse_syntax(repeated("(", kMaxQueryDepth) + "a" + repeated(")", kMaxQueryDepth)));
  EXPECT_TRUE(parse_syntax(repeated("a ", kMaxQueryClauses)));
}

}  // namespace
}  // namespace trailsift::query::kql
