#include "query/parser.h"

#include <string>

#include <gtest/gtest.h>

#include "query/parse.h"

namespace trailsift::query {
namespace {

/// The tree in canonical form, or the error as a person sees it.
std::string parsed(std::string_view source) {
  const auto node = parse_syntax(source);
  return node ? to_string(*node) : render(node.error(), source);
}

TEST(Parser, ReadsEveryForm) {
  const struct {
    std::string_view source, want;
  } kCases[] = {
      {"matchall", "matchall"},
      {" ( matchall ) ", "matchall"},
      {"'access denied'", "'access denied'"},
      {"(term 'access denied')", "'access denied'"},
      {"event_source:'sqs.amazonaws.com'", "event_source:'sqs.amazonaws.com'"},
      {"event_source : 'x'", "event_source:'x'"},
      {"bytes_in:12", "bytes_in:12"},
      {"bytes_in:-1.5e3", "bytes_in:-1.5e3"},
      {"(term field=event_name 'x')", "event_name:'x'"},
      {"(term field='event_name' 'x')", "event_name:'x'"},
      {"(term field=\"event_name\" 'x')", "event_name:'x'"},
      {"(term field = event_name'x')", "event_name:'x'"},
      {"(term field=bytes_in 12)", "bytes_in:12"},
      {"(term 12)", "(term 12)"},
      {"(term field=event_name boost=2 'x')", "(term field=event_name boost=2 'x')"},
      {"(term boost='2.5' field=event_name 'x')", "(term field=event_name boost=2.5 'x')"},
      {"(term field='requestParameters.x-amz-acl:y' 'v')",
       "(term field='requestParameters.x-amz-acl:y' 'v')"},
      {"(term field='it\\'s' 'v')", "(term field='it\\'s' 'v')"},
      {"(phrase 'a b')", "(phrase 'a b')"},
      {"(phrase field=raw 'a b')", "(phrase field=raw 'a b')"},
      {"(prefix field=event_name 'Get')", "(prefix field=event_name 'Get')"},
      {"(prefix 'Get')", "(prefix 'Get')"},
      {"(wildcard boost=2 field=f 'a*b')", "(wildcard field=f boost=2 'a*b')"},
      {"(wildcard '\\\\*')", "(wildcard '\\\\*')"},
      {"(near field='raw' distance=3 'bucket policy')",
       "(near field=raw distance=3 'bucket policy')"},
      {"(near 'a b')", "(near 'a b')"},
      {"(near boost=3 distance=\"7\" field=raw 'a b')",
       "(near field=raw boost=3 distance=7 'a b')"},
      {"(and 'a' event_name:'b' (not matchall))", "(and 'a' event_name:'b' (not matchall))"},
      {"(or boost=2 'a')", "(or boost=2 'a')"},
      {"(not boost=2 field=genres 'Sci-Fi')", "(not field=genres boost=2 'Sci-Fi')"},
      {"(and field=\"raw\" 'a' 'b')", "(and field=raw 'a' 'b')"},
      {"(not(not(not 'a')))", "(not (not (not 'a')))"},
      {"_id:['00000000','7fffffff']", "_id:['00000000','7fffffff']"},
      {"@timestamp:['a','b']", "@timestamp:['a','b']"},
      {"user_identity_user_name:'O\\'Brien\\\\x'", "user_identity_user_name:'O\\'Brien\\\\x'"},
      {"requestParameters.x-amz-acl:'private'", "requestParameters.x-amz-acl:'private'"},
      // Words of the grammar are names where a name stands.
      {"and:'x'", "and:'x'"},
      {"matchall:'x'", "matchall:'x'"},
      {"(and field:'x')", "(and field:'x')"},
      {"(and range:[1,2] term:'x')", "(and range:[1,2] term:'x')"},
  };
  for (const auto& c : kCases) EXPECT_EQ(parsed(c.source), c.want) << "query: " << c.source;
}

TEST(Parser, ReadsEveryRange) {
  const struct {
    std::string_view source, want;
  } kCases[] = {
      {"f:[1,2]", "f:[1,2]"},
      {"f:{1,2}", "f:{1,2}"},
      {"f:[1,2}", "f:[1,2}"},
      {"f:{1,2]", "f:{1,2]"},
      {"f:{,2]", "f:{,2]"},
      {"f:[1,}", "f:[1,}"},
      {"f:{,2}", "f:{,2}"},
      {"f:{1,}", "f:{1,}"},
      {"f:{,}", "f:{,}"},
      {"f: [ 1 , 2 ] ", "f:[1,2]"},
      {"f:['a','b']", "f:['a','b']"},
      {"f:['a',5]", "f:['a',5]"},
      {"(range field=f [1,2])", "f:[1,2]"},
      {"(range field=f[1,2])", "f:[1,2]"},
      {"(range field=f boost=2 [1,2})", "(range field=f boost=2 [1,2})"},
      {"(range [1,2])", "(range [1,2])"},
      {"(range field='a b'{,})", "(range field='a b' {,})"},
  };
  for (const auto& c : kCases) EXPECT_EQ(parsed(c.source), c.want) << "query: " << c.source;
}

TEST(Parser, NeedsNoSpaces) {
  const struct {
    std::string_view source, want;
  } kCases[] = {
      {"(and(or iban:'A' iban:'B')(not x:'C'))", "(and (or iban:'A' iban:'B') (not x:'C'))"},
      {"(and (not field=genres 'Sci-Fi')(or (term field=title boost=2'star')(term "
       "field=plot'star')))",
       "(and (not field=genres 'Sci-Fi') (or (term field=title boost=2 'star') plot:'star'))"},
      {"(and a:'x'b:'y''z'matchall)", "(and a:'x' b:'y' 'z' matchall)"},
      {"(and a:5(matchall))", "(and a:5 matchall)"},
      {"(phrase'a b')", "(phrase 'a b')"},
      {"(and a:[1,2]b:{,3}'z')", "(and a:[1,2] b:{,3} 'z')"},
      {"\n(and\n\ta:'x'\r\n\tb:'y'\n)\n", "(and a:'x' b:'y')"},
  };
  for (const auto& c : kCases) EXPECT_EQ(parsed(c.source), c.want) << "query: " << c.source;
}

TEST(Parser, PointsAtTheMistake) {
  const struct {
    std::string_view source, want;
  } kCases[] = {
      {"",
       "expected a condition, got end of query\n"
       "  \n"
       "  ^"},
      {"event_name:",
       "expected a value in single quotes, a number or a range, got end of query\n"
       "  event_name:\n"
       "             ^"},
      {"event_name:ConsoleLogin",
       "expected a value in single quotes, a number or a range, got 'ConsoleLogin'\n"
       "  event_name:ConsoleLogin\n"
       "             ^^^^^^^^^^^^"},
      {"event_name:\"ConsoleLogin\"",
       "expected a value in single quotes, a number or a range, got \"ConsoleLogin\"\n"
       "  event_name:\"ConsoleLogin\"\n"
       "             ^^^^^^^^^^^^^^"},
      {"event_name:\xE2\x80\x98x\xE2\x80\x99",
       "expected a value in single quotes, a number or a range, got '\xE2\x80\x98'\n"
       "  event_name:\xE2\x80\x98x\xE2\x80\x99\n"
       "             ^"},
      {"event_name",
       "expected ':' after 'event_name'\n"
       "  event_name\n"
       "  ^^^^^^^^^^"},
      {"event_name:'x' event_source:'y'",
       "expected end of query, got 'event_source'\n"
       "  event_name:'x' event_source:'y'\n"
       "                 ^^^^^^^^^^^^"},
      {"(and a:'x'",
       "expected ')', got end of query\n"
       "  (and a:'x'\n"
       "            ^"},
      {"(and)",
       "expected a condition, got ')'\n"
       "  (and)\n"
       "      ^"},
      {"(or field=raw)",
       "expected a condition, got ')'\n"
       "  (or field=raw)\n"
       "               ^"},
      {"(not a:'x' b:'y')",
       "expected ')', got 'b'\n"
       "  (not a:'x' b:'y')\n"
       "             ^"},
      {"(and a:'x'))",
       "expected end of query, got ')'\n"
       "  (and a:'x'))\n"
       "             ^"},
      {"()",
       "expected an operator after '(', got ')'\n"
       "  ()\n"
       "   ^"},
      {"((matchall))",
       "expected an operator after '(', got '('\n"
       "  ((matchall))\n"
       "   ^"},
      {"(event_name:'x')",
       "expected and, or, not, term, phrase, prefix, wildcard, near, fuzzy, range or matchall, got "
       "'event_name'\n"
       "  (event_name:'x')\n"
       "   ^^^^^^^^^^"},
      {"(AND a:'x' b:'y')",
       "expected 'and', got 'AND': operator names are lower case\n"
       "  (AND a:'x' b:'y')\n"
       "   ^^^"},
      {"(and MatchAll)",
       "expected 'matchall', got 'MatchAll': operator names are lower case\n"
       "  (and MatchAll)\n"
       "       ^^^^^^^^"},
      {"(filter a 1..5)",
       "expected and, or, not, term, phrase, prefix, wildcard, near, fuzzy, range or matchall, got "
       "'filter'\n"
       "  (filter a 1..5)\n"
       "   ^^^^^^"},
      {"(phrase field=raw 5)",
       "expected a value in single quotes, got number 5\n"
       "  (phrase field=raw 5)\n"
       "                    ^"},
      {"(term field=raw [1,2])",
       "expected a value in single quotes or a number, got '['\n"
       "  (term field=raw [1,2])\n"
       "                  ^"},
      {"(range field=raw 'x')",
       "expected a range such as [1,5] or ['a','b'}, got string 'x'\n"
       "  (range field=raw 'x')\n"
       "                   ^^^"},
      {"(and 5 'x')",
       "expected a condition, got number 5\n"
       "  (and 5 'x')\n"
       "       ^"},
      {"(and 'x' field=raw)",
       "expected options before the operands, got 'field=' after one\n"
       "  (and 'x' field=raw)\n"
       "           ^^^^^"},
      {"(term 'x' boost=2)",
       "expected ')', got 'boost'\n"
       "  (term 'x' boost=2)\n"
       "            ^^^^^"},
      {"(term field= 'x'",
       "expected a value in single quotes or a number, got end of query\n"
       "  (term field= 'x'\n"
       "                  ^"},
      {"(term field=(x) 'x')",
       "expected a value for option 'field', got '('\n"
       "  (term field=(x) 'x')\n"
       "              ^"},
      {"(term weight=2 'x')",
       "expected option 'field' or 'boost', got 'weight'\n"
       "  (term weight=2 'x')\n"
       "        ^^^^^^"},
      {"(near slop=2 'x')",
       "expected option 'field', 'boost' or 'distance', got 'slop'\n"
       "  (near slop=2 'x')\n"
       "        ^^^^"},
      {"(phrase distance=2 'x')",
       "expected option 'field' or 'boost', got 'distance'\n"
       "  (phrase distance=2 'x')\n"
       "          ^^^^^^^^"},
      {"(term field=a field=b 'x')",
       "expected option 'field' once, got it twice\n"
       "  (term field=a field=b 'x')\n"
       "                ^^^^^"},
      {"(near distance=1 distance=1 'x')",
       "expected option 'distance' once, got it twice\n"
       "  (near distance=1 distance=1 'x')\n"
       "                   ^^^^^^^^"},
      {"(and matchall\n  event_name:'x)",
       "expected a closing ', got end of query\n"
       "    event_name:'x)\n"
       "               ^"},
      {"f:1..5",
       "expected a number, got '1..5'\n"
       "  f:1..5\n"
       "    ^^^^"},
      {"a:'x' -b:'y'",
       "expected a number, got '-b'\n"
       "  a:'x' -b:'y'\n"
       "        ^^"},
  };
  for (const auto& c : kCases) EXPECT_EQ(parsed(c.source), c.want) << "query: " << c.source;
}

TEST(Parser, PointsAtTheMistakeInARange) {
  const struct {
    std::string_view source, want;
  } kCases[] = {
      {"f:[,2]",
       "expected '{' before a bound that is left out, got '['\n"
       "  f:[,2]\n"
       "    ^"},
      {"f:[1,]",
       "expected '}' after a bound that is left out, got ']'\n"
       "  f:[1,]\n"
       "       ^"},
      {"f:[1 2]",
       "expected ',', got number 2\n"
       "  f:[1 2]\n"
       "       ^"},
      {"f:{}",
       "expected a bound or ',', got '}'\n"
       "  f:{}\n"
       "     ^"},
      {"f:[a,b]",
       "expected a bound or ',', got 'a'\n"
       "  f:[a,b]\n"
       "     ^"},
      {"f:[1,b]",
       "expected a bound or '}', got 'b'\n"
       "  f:[1,b]\n"
       "       ^"},
      {"f:[1,2",
       "expected ']' or '}', got end of query\n"
       "  f:[1,2\n"
       "        ^"},
      {"f:[2014-09-01T00:00:00Z,}",
       "expected a number, got '2014-09-01T00'\n"
       "  f:[2014-09-01T00:00:00Z,}\n"
       "     ^^^^^^^^^^^^^"},
  };
  for (const auto& c : kCases) EXPECT_EQ(parsed(c.source), c.want) << "query: " << c.source;
}

TEST(Parser, WantsABoostAboveZero) {
  for (const char* boost : {"0", "-1", "0.0", "'x'", "''", "1e999", "'nan'", "'inf'", "'1 '"}) {
    const std::string source = "(term boost=" + std::string(boost) + " 'x')";
    EXPECT_NE(parsed(source).find("expected a boost greater than 0, got "), std::string::npos)
        << parsed(source);
  }
}

TEST(Parser, WantsADistanceOfOneOrMore) {
  for (const char* distance : {"0", "-1", "1.5", "'x'", "''", "99999999999", "'1 '"}) {
    const std::string source = "(near distance=" + std::string(distance) + " 'x')";
    EXPECT_NE(parsed(source).find("expected a distance of 1 or more, got "), std::string::npos)
        << parsed(source);
  }
  EXPECT_EQ(parsed("(near distance=4294967295 'x')"), "(near distance=4294967295 'x')");
}

TEST(Parser, KnowsWhereEachPartStands) {
  const auto node = parse_syntax(" (and a:'x' (not 'y') )");
  ASSERT_TRUE(node) << node.error().message;
  const auto& group = std::get<Group>(node->kind);
  EXPECT_EQ(node->at, (Span{1, 23}));
  EXPECT_EQ(group.children[0].at, (Span{6, 11}));
  EXPECT_EQ(std::get<Condition>(group.children[0].kind).field->at, (Span{6, 7}));
  EXPECT_EQ(group.children[1].at, (Span{12, 21}));
}

TEST(Parser, PrintsWhatParsesToAnEqualTree) {
  for (const std::string_view source :
       {"matchall", "(term 12)", "(range [1,2])", "(term field='' 'x')", "(term field=5 'x')",
        "(and field=\"a'b\" boost=3 'x' (or boost=1e3 'y'))", "(near distance=2 boost=2 'x y')",
        "'\\' \\\\ \n'", "(term field=f boost=2 5)", "(not field='-' (prefix 'x'))"}) {
    const auto node = parse_syntax(source);
    ASSERT_TRUE(node) << source << ": " << node.error().message;
    const auto again = parse_syntax(to_string(*node));
    ASSERT_TRUE(again) << to_string(*node) << ": " << again.error().message;
    EXPECT_EQ(*again, *node) << "printed: " << to_string(*node);
  }
}

TEST(Parser, TellsTreesApart) {
  const char* const kDifferent[] = {
      "matchall",
      "'x'",
      "'y'",
      "a:'x'",
      "b:'x'",
      "a:5",
      "a:'5'",
      "(term field=a boost=2 'x')",
      "(phrase 'x')",
      "(prefix 'x')",
      "(near 'x')",
      "(near distance=1 'x')",
      "a:[1,2]",
      "a:{1,2]",
      "a:[1,}",
      "a:{,2]",
      "(and 'x')",
      "(or 'x')",
      "(not 'x')",
      "(and 'x' 'x')",
      "(and boost=2 'x')",
      "(and field=a 'x')",
      "(and field=b 'x')",
      "(near distance=2 'x')",
  };
  for (const auto* a : kDifferent) {
    for (const auto* b : kDifferent) {
      EXPECT_EQ(*parse_syntax(a) == *parse_syntax(b), std::string_view(a) == b)
          << a << " and " << b;
    }
  }
}

TEST(Parser, LimitsTheBytesOfAQuery) {
  std::string source = "'" + std::string(kMaxQueryBytes - 2, 'x') + "'";
  EXPECT_TRUE(parse_syntax(source));
  source += ' ';
  const auto node = parse_syntax(source);
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().code, ErrorCode::too_large);
  EXPECT_EQ(node.error().message, "expected a query of at most 262144 bytes, got 262145");
}

/// `depth` operators around a condition.
std::string nested(std::size_t depth) {
  std::string source;
  for (std::size_t i = 0; i < depth; ++i) source += "(not ";
  return source + "'x'" + std::string(depth, ')');
}

TEST(Parser, LimitsTheDepthOfAQuery) {
  EXPECT_TRUE(parse_syntax(nested(kMaxQueryDepth)));
  const auto node = parse_syntax(nested(kMaxQueryDepth + 1));
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().code, ErrorCode::too_large);
  EXPECT_EQ(node.error().message, "expected at most 128 operators inside each other, got more");
  EXPECT_EQ(node.error().at, (Span{640, 641}));
}

TEST(Parser, LimitsTheConditionsOfAQuery) {
  std::string source = "(or";
  for (std::size_t i = 0; i < kMaxQueryClauses; ++i) source += " matchall";
  EXPECT_TRUE(parse_syntax(source + ")"));
  const auto node = parse_syntax(source + "'x')");
  ASSERT_FALSE(node);
  EXPECT_EQ(node.error().code, ErrorCode::too_large);
  EXPECT_EQ(node.error().message, "expected at most 4096 conditions, got more");
  EXPECT_EQ(node.error().at->begin, source.size());
}

TEST(Parser, SurvivesHostileText) {
  const std::string kHostile[] = {
      std::string(100'000, '('),
      std::string(100'000, ')'),
      std::string(100'000, '['),
      std::string(100'000, '{'),
      std::string(100'000, '\''),
      std::string(99'999, '\''),
      std::string(100'000, '\\'),
      std::string(100'000, '-'),
      std::string(100'000, '9'),
      std::string(100'000, '\0'),
      std::string(100'000, '\xFF'),
      nested(40'000),
      "bytes_in:" + std::string(100'000, '9'),
      "bytes_in:1e" + std::string(100'000, '9'),
      "(term boost=1e" + std::string(100'000, '9') + " 'x')",
      "(near distance=" + std::string(100'000, '9') + " 'x')",
      "(term field=" + std::string(100'000, 'x') + " 'x')",
      "(term field='" + std::string(100'000, '.') + "' 'x')",
  };
  for (const std::string& source : kHostile) {
    const auto node = parse_syntax(source);
    if (!node) {
      EXPECT_LT(node.error().message.size(), 300U) << node.error().message;
    }
  }
}

TEST(Parser, WantsUtf8) {
  EXPECT_EQ(parsed("event_name:'caf\xC3'"),
            "expected UTF-8, got a byte that is not\n"
            "  event_name:'caf\xC3'\n"
            "                 ^");
}

}  // namespace
}  // namespace trailsift::query
