// The languages that are words with signs between them: simple, lucene and dismax.

#include "query/word_parsers.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "query/parse.h"
#include "query/syntax.h"

namespace trailsift::query {
namespace {

using Parse = Result<std::optional<Node>> (*)(std::string_view, const ParseOptions&);

/// What was understood, in structured syntax; "nothing" of a query without words.
std::string read(Parse parse, std::string_view text, const ParseOptions& options = {}) {
  const auto node = parse(text, options);
  if (!node) return node.error().message;
  return *node ? to_string(**node) : "nothing";
}

struct Row {
  std::string_view text, want;
};

TEST(SimpleSyntax, FollowsLucenesSimpleQueryParser) {
  const Row kRows[] = {
      {"a", "'a'"},
      {"a b", "(and 'a' 'b')"},
      {"a +b", "(and 'a' 'b')"},
      {"a |b", "(or 'a' 'b')"},
      {"a|b", "(or 'a' 'b')"},
      // Strictly from left to right.
      {"star wars |trek", "(or (and 'star' 'wars') 'trek')"},
      {"a | b + c", "(and (or 'a' 'b') 'c')"},
      {"a b |c |d e", "(and (or (and 'a' 'b') 'c' 'd') 'e')"},
      {"a (b |c)", "(and 'a' (or 'b' 'c'))"},
      // Of two signs the first counts; without anything before them they are passed over.
      {"a |+b", "(or 'a' 'b')"},
      {"+a", "'a'"},
      {"|a", "'a'"},
      {"+ - |a", "'a'"},
      // Not touches what it negates; two are none.
      {"-a", "(not 'a')"},
      {"a -b", "(and 'a' (not 'b'))"},
      {"a |-b", "(or 'a' (not 'b'))"},
      {"--a", "'a'"},
      {"---a", "(not 'a')"},
      {"a - b", "(and 'a' 'b')"},
      {"us-east-1", "'us-east-1'"},
      {"-\"p q\"", "(not (phrase 'p q'))"},
      {"-(a b)", "(not (and 'a' 'b'))"},
      // Phrases, near, prefixes.
      {"\"a b\"", "(phrase 'a b')"},
      {"\"a b\"~3", "(near distance=3 'a b')"},
      {"\"a b\"~", "(phrase 'a b')"},
      {"\"a b\"~ c", "(and (near distance=2 'a b') 'c')"},
      {"\"a b\"~x", "(phrase 'a b')"},
      {"\"a b\"~3 c", "(and (near distance=3 'a b') 'c')"},
      {"(\"a b\"~3)c", "(and (near distance=3 'a b') 'c')"},
      {"ab*", "(prefix 'ab')"},
      {"a*b", "'a*b'"},
      {"ab\\*", "'ab*'"},
      {"ab**", "(prefix 'ab*')"},
      {"* a", "(and '*' 'a')"},
      {"*", "matchall"},
      {" * ", "matchall"},
      {"\\*", "'*'"},
      // Fuzzy words.
      {"ab~1", "(fuzzy distance=1 'ab')"},
      {"ab~2 c", "(and (fuzzy distance=2 'ab') 'c')"},
      {"ab~9", "(fuzzy distance=2 'ab')"},
      {"ab~", "(fuzzy distance=2 'ab')"},
      {"ab~ c", "(and (fuzzy distance=2 'ab') 'c')"},
      {"ab*~1", "(fuzzy distance=1 'ab*')"},
      {"a\\ b~1", "(fuzzy distance=1 'a b')"},
      {"a~0", "'a'"},
      {"a~-1", "'a'"},
      {"~", "'~'"},
      {"a\\~1", "'a~1'"},
      // What belongs to nothing is passed over.
      {"", "nothing"},
      {"  ", "nothing"},
      {"+-|", "nothing"},
      {"()", "nothing"},
      {"\"\"", "nothing"},
      {"\\", "nothing"},
      {"(a", "'a'"},
      {"a)", "'a'"},
      {"a |(b", "(or 'a' 'b')"},
      {"a |() b", "(and 'a' 'b')"},
      {"((a) b", "(and 'a' 'b')"},
      {"\"a b", "(and 'a' 'b')"},
      {"(\"a) b\"", "(and 'a' 'b')"},
      {"a\\ b", "'a b'"},
      {"\\(a\\)", "'(a)'"},
      {"a:b [c TO d]", "(and 'a:b' '[c' 'TO' 'd]')"},
      {"matchall", "'matchall'"},
      {"a AND b", "(and 'a' 'AND' 'b')"},
      {"Zo\xC3\xAB", "'Zo\xC3\xAB'"},
      {"it's", "'it\\'s'"},
  };
  for (const Row& row : kRows) EXPECT_EQ(read(parse_simple_syntax, row.text), row.want) << row.text;
}

TEST(SimpleSyntax, TakesAnyWordWhenTold) {
  ParseOptions any;
  any.any_word = true;
  EXPECT_EQ(read(parse_simple_syntax, "a b +c", any), "(and (or 'a' 'b') 'c')");
  EXPECT_EQ(read(parse_simple_syntax, "a |b", any), "(or 'a' 'b')");
}

TEST(SimpleSyntax, ReadsDisabledOperatorsAsText) {
  const struct {
    SimpleOperator op;
    std::string_view text, want;
  } kRows[] = {
      {SimpleOperator::conjunction, "a +b", "(and 'a' '+b')"},
      {SimpleOperator::disjunction, "a|b", "'a|b'"},
      {SimpleOperator::negation, "-a", "'-a'"},
      {SimpleOperator::escape, "a\\*", "(prefix 'a\\\\')"},
      {SimpleOperator::fuzzy, "a~1", "'a~1'"},
      {SimpleOperator::near, "\"a b\"~2", "(and (phrase 'a b') '~2')"},
      {SimpleOperator::phrase, "\"a b\"", "(and '\"a' 'b\"')"},
      {SimpleOperator::precedence, "(a b)", "(and '(a' 'b)')"},
      {SimpleOperator::prefix, "a*", "'a*'"},
      {SimpleOperator::whitespace, "a b", "'a b'"},
  };
  for (const auto& [op, text, want] : kRows) {
    ParseOptions options;
    options.disabled.set(static_cast<std::size_t>(op));
    EXPECT_EQ(read(parse_simple_syntax, text, options), want) << text;
  }
}

TEST(LuceneSyntax, FollowsTheClassicParser) {
  const Row kRows[] = {
      {"a", "'a'"},
      {"a b", "(and 'a' 'b')"},
      {"a AND b", "(and 'a' 'b')"},
      {"a && b", "(and 'a' 'b')"},
      {"a OR b", "(or 'a' 'b')"},
      {"a || b", "(or 'a' 'b')"},
      {"a OR b OR c", "(or 'a' 'b' 'c')"},
      {"a or b", "(and 'a' 'or' 'b')"},
      {"-a", "(not 'a')"},
      {"NOT a", "(not 'a')"},
      {"!a", "(not 'a')"},
      {"a NOT b", "(and 'a' (not 'b'))"},
      {"a AND NOT b", "(and 'a' (not 'b'))"},
      {"-a -b", "(and (not 'a') (not 'b'))"},
      // What must be there decides; the rest is optional.
      {"a OR b AND c", "(and 'b' 'c' (or matchall 'a'))"},
      {"+a b", "(and 'a' 'b')"},
      {"(a OR b) AND c", "(and (or 'a' 'b') 'c')"},
      {"+(a b) -c", "(and (and 'a' 'b') (not 'c'))"},
      {"\"a b\"", "(phrase 'a b')"},
      {"\"a b\"~2", "(near distance=2 'a b')"},
      {"\"a \\\" b\"", "(phrase 'a \" b')"},
      {"a~0", "'a'"},
      {"ab~", "(fuzzy distance=2 'ab')"},
      {"ab~1 c", "(and (fuzzy distance=1 'ab') 'c')"},
      {"ab~7^2", "(fuzzy boost=2 distance=2 'ab')"},
      {"ab~0.5", "(fuzzy distance=1 'ab')"},
      {"ab~0.9", "'ab'"},
      {"event_name:GetObjct~1", "(fuzzy field=event_name distance=1 'GetObjct')"},
      {"a^2", "(term boost=2 'a')"},
      {"(a b)^0.5", "(and boost=0.5 'a' 'b')"},
      {"\"a b\"~2^3", "(near boost=3 distance=2 'a b')"},
      {"event_name:a", "event_name:'a'"},
      {"event_name: a", "event_name:'a'"},
      {"event_name:\"a b\"", "(phrase field=event_name 'a b')"},
      {"event_name:(a OR b)", "(or field=event_name 'a' 'b')"},
      {"event_name:(a)", "event_name:'a'"},
      {"event_name:(a OR error_code:b)", "(or field=event_name 'a' error_code:'b')"},
      {"event_name:(-a)", "(not field=event_name 'a')"},
      {"requestParameters.x\\-y:a", "requestParameters.x-y:'a'"},
      {"ab*", "(prefix 'ab')"},
      {"a*b", "(wildcard 'a*b')"},
      {"a?", "(wildcard 'a?')"},
      {"*ab", "(wildcard '*ab')"},
      {"a\\*b*", "(prefix 'a*b')"},
      {"a\\*b?", "(wildcard 'a\\\\*b?')"},
      {"event_name:*", "event_name:{,}"},
      {"*", "matchall"},
      {"*:*", "matchall"},
      {"-*:*", "(not matchall)"},
      {"bytes_in:[1 TO 5]", "bytes_in:['1','5']"},
      {"bytes_in:{1 TO 5]", "bytes_in:{'1','5']"},
      {"bytes_in:[1 TO *]", "bytes_in:['1',}"},
      {"bytes_in:{* TO 5}", "bytes_in:{,'5'}"},
      {"bytes_in:[-5 TO \"*\"]", "bytes_in:['-5','*']"},
      {"event_time:[2014-09-01T00:00:00Z TO *]", "event_time:['2014-09-01T00:00:00Z',}"},
      {"[a TO b]", "(range ['a','b'])"},
      {"us-east-1", "'us-east-1'"},
      {"user/alice", "'user/alice'"},
      {"arn\\:aws\\:iam", "'arn:aws:iam'"},
      {"\\AND", "'AND'"},
      {"", "nothing"},
      {" ", "nothing"},
  };
  for (const Row& row : kRows) EXPECT_EQ(read(parse_lucene_syntax, row.text), row.want) << row.text;
  ParseOptions any;
  any.any_word = true;
  EXPECT_EQ(read(parse_lucene_syntax, "a b", any), "(or 'a' 'b')");
  EXPECT_EQ(read(parse_lucene_syntax, "a AND b c", any), "(and 'a' 'b' (or matchall 'c'))");
  EXPECT_EQ(read(parse_lucene_syntax, "+a b", any), "(and 'a' (or matchall 'b'))");
}

TEST(LuceneSyntax, PointsAtMistakes) {
  const struct {
    std::string_view text, message;
    Span at;
  } kRows[] = {
      {"a AND", "expected a condition, got end of query", {5, 5}},
      {"AND a", "expected a condition before 'AND' or 'OR', got none", {0, 3}},
      {"a AND OR b", "expected a condition, got 'OR'", {6, 8}},
      {"(a", "expected ')', got end of query", {2, 2}},
      {"a)", "expected end of query, got ')'", {1, 2}},
      {"()", "expected a condition, got ')'", {1, 2}},
      {"\"a b", "expected a closing '\"', got the end of the query", {0, 4}},
      {"\"\"", "expected words between quotes, got '\"\"'", {0, 2}},
      {"a\\", "expected a character after '\\', got the end of the query", {1, 2}},
      {"a~1.5 b", "expected a whole number of edits, or one below 1, after '~'", {1, 5}},
      {"a~1.2.3", "expected a number after '~', got '1.2.3'", {1, 7}},
      {"/a.*/", "expected a word or '\\/', got '/': regular expressions are not supported", {0, 1}},
      {"a^", "expected a number above 0 after '^', got ''", {1, 2}},
      {"a^0", "expected a number above 0 after '^', got '0'", {1, 3}},
      {"a^1.2.3", "expected a number above 0 after '^', got '1.2.3'", {1, 7}},
      {"x:[1 TO", "expected a bound such as 5, \"a b\" or *, got end of query", {7, 7}},
      {"x:[1 2]", "expected 'TO', got '2'", {5, 6}},
      {"x:[1 TO 2", "expected ']' or '}', got end of query", {9, 9}},
      {"x:", "expected a condition, got end of query", {2, 2}},
      {"*:a", "expected '*:*' or a field, got '*:'", {0, 1}},
      {"x:arn:aws", "expected a value in quotes, or '\\' before each ':' in it, got ':'", {5, 6}},
      {"]", "expected a condition, got ']'", {0, 1}},
  };
  for (const auto& [text, message, at] : kRows) {
    const auto node = parse_lucene_syntax(text, {});
    ASSERT_FALSE(node) << text;
    EXPECT_EQ(node.error().message, message) << text;
    EXPECT_EQ(node.error().code, ErrorCode::bad_query) << text;
    ASSERT_TRUE(node.error().at) << text;
    EXPECT_EQ(node.error().at->begin, at.begin) << text;
    EXPECT_EQ(node.error().at->end, at.end) << text;
  }
}

TEST(DismaxSyntax, HasWordsPhrasesAndTwoSigns) {
  const Row kRows[] = {
      {"a", "'a'"},
      {"a b", "(and 'a' 'b')"},
      {"+a b", "(and 'a' 'b')"},
      {"a -b", "(and 'a' (not 'b'))"},
      {"-a", "(not 'a')"},
      {"+ a", "'a'"},
      {"--a", "'a'"},
      {"a -", "'a'"},
      {"\"a b\" c", "(and (phrase 'a b') 'c')"},
      {"-\"a b\" c", "(and 'c' (not (phrase 'a b')))"},
      {"\"a b", "(and '\"a' 'b')"},
      {"a\"b c\"", "(and 'a' (phrase 'b c'))"},
      {"\"\"", "nothing"},
      {"a* (b | c) d~1 e:f", "(and 'a*' '(b' '|' 'c)' 'd~1' 'e:f')"},
      {"us-east-1", "'us-east-1'"},
      {"", "nothing"},
      {"+", "nothing"},
  };
  for (const Row& row : kRows) EXPECT_EQ(read(parse_dismax_syntax, row.text), row.want) << row.text;
}

TEST(DismaxSyntax, WantsAPercentageOfTheWords) {
  const struct {
    std::uint32_t percentage;
    std::string_view text, want;
  } kRows[] = {
      {0, "a b c", "(or 'a' 'b' 'c')"},
      {33, "a b c", "(or 'a' 'b' 'c')"},
      {99, "a b", "(or 'a' 'b')"},
      {50, "a b", "(or 'a' 'b')"},
      {67, "a b c", "(or (and 'b' 'c') (and 'a' (or 'b' 'c')))"},
      {50, "a b c d", "(or (and 'c' 'd') (and (or 'a' 'b') (or 'c' 'd')) (and 'a' 'b'))"},
      {100, "a b c", "(and 'a' 'b' 'c')"},
      // Where something is needed, none of the others may have to be there.
      {0, "+a b c", "'a'"},
      {50, "+a b c", "(and 'a' (or 'b' 'c'))"},
  };
  for (const auto& [percentage, text, want] : kRows) {
    ParseOptions options;
    options.word_percentage = percentage;
    EXPECT_EQ(read(parse_dismax_syntax, text, options), want) << percentage << " " << text;
  }
  ParseOptions any;
  any.any_word = true;
  EXPECT_EQ(read(parse_dismax_syntax, "a b", any), "(or 'a' 'b')");
  ParseOptions slop;
  slop.phrase_slop = 2;
  EXPECT_EQ(read(parse_dismax_syntax, "\"a b\"", slop), "(near distance=2 'a b')");
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  while (times-- > 0) out += text;
  return out;
}

TEST(WordParsers, HaveLimits) {
  ParseOptions half;
  half.word_percentage = 50;
  const struct {
    Parse parse;
    std::string text;
  } kRows[] = {
      {parse_simple_syntax, repeated("a ", kMaxQueryClauses + 1)},
      {parse_lucene_syntax, repeated("a ", kMaxQueryClauses + 1)},
      {parse_dismax_syntax, repeated("a ", kMaxQueryClauses + 1)},
      {parse_dismax_syntax, repeated("a ", 40)},
      {parse_simple_syntax, repeated("(a |", kMaxQueryDepth + 2) + repeated(")", 200)},
      {parse_simple_syntax, repeated("a |b +c ", kMaxQueryDepth)},
      {parse_lucene_syntax, repeated("(", kMaxQueryDepth + 2) + "a"},
      {parse_simple_syntax, std::string(kMaxQueryBytes + 1, 'a')},
      {parse_dismax_syntax, std::string(kMaxQueryBytes + 1, 'a')},
  };
  for (const auto& [parse, text] : kRows) {
    const auto node = parse(text, half);
    ASSERT_FALSE(node) << text.substr(0, 40);
    EXPECT_EQ(node.error().code, ErrorCode::too_large) << node.error().message;
  }
  for (const Parse parse : {parse_simple_syntax, parse_lucene_syntax, parse_dismax_syntax}) {
    const auto node = parse("a \xFF", {});
    ASSERT_FALSE(node);
    EXPECT_EQ(node.error().code, ErrorCode::bad_query);
  }
}

/// Text that has no meaning costs no more than text that has.
TEST(WordParsers, TakeTimeInProportionToTheText) {
  for (const char* piece : {"(", ")", "\"", "-", "\\", "(\"", "\")", "+(", "a~", "~", "()"}) {
    const std::string text = repeated(piece, kMaxQueryBytes / std::string_view(piece).size());
    for (const Parse parse : {parse_simple_syntax, parse_lucene_syntax, parse_dismax_syntax}) {
      static_cast<void>(parse(text, {}));  // A test that hangs has failed.
    }
  }
}

TEST(WordParsers, AreInTheTableOfLanguages) {
  for (const std::string_view name : {"simple", "lucene", "dismax"}) {
    const Syntax* const syntax = find_syntax(name);
    ASSERT_NE(syntax, nullptr) << name;
    const auto tree = syntax->parse("AccessDenied", {});
    ASSERT_TRUE(tree) << name;
    EXPECT_EQ(to_string(*tree), "raw:\"accessdenied\"") << name;
    const auto nothing = syntax->parse("", {});
    ASSERT_TRUE(nothing) << name;
    EXPECT_TRUE(std::holds_alternative<Nothing>(nothing->kind)) << name;
  }
}

/// A value is what its field makes of it.
TEST(WordParsers, LeaveTypesToTheFields) {
  ParseOptions options;
  options.default_fields = {field_index("event_name"), field_index("bytes_in"),
                            field_index("error_message")};
  const struct {
    Result<Tree> (*parse)(std::string_view, const ParseOptions&);
    std::string_view text, want;
  } kRows[] = {
      {parse_simple, "1000", "(or event_name=\"1000\" bytes_in=\"1000\" error_message:\"1000\")"},
      {parse_simple, "\"Get Object\"",
       "(or event_name=\"Get Object\" error_message:\"get object\")"},
      {parse_dismax, "Get*", "(or event_name=\"Get*\" error_message:\"get\")"},
      {parse_simple, "Get*", "(or event_name=\"Get\"* error_message:\"get\"*)"},
      {parse_lucene, "bytes_in:[10 TO 20}", "bytes_in:[\"10\",\"20\"}"},
      {parse_lucene, "event_time:[2014-09-01T00:00:00Z TO *]",
       "event_time:[2014-09-01T00:00:00Z,}"},
      {parse_lucene, "event_name:\"GetObject\"", "event_name=\"GetObject\""},
      {parse_lucene, "event_name:Get*ect", "event_name~\"Get*ect\""},
  };
  for (const auto& [parse, text, want] : kRows) {
    const auto tree = parse(text, options);
    ASSERT_TRUE(tree) << text << ": " << tree.error().message;
    EXPECT_EQ(to_string(*tree), want) << text;
  }
}

TEST(WordParsers, TellMistakesOfNamesAndTypes) {
  const Row kRows[] = {
      {"nosuch:x", "Syntax error in query: field (nosuch) does not exist."},
      {"a OR (b AND nosuch:x)", "Syntax error in query: field (nosuch) does not exist."},
      {"bytes_in:x", "expected a whole number of 64 bits for integer field 'bytes_in', got 'x'"},
      {"al*ce",
       "expected a keyword, ip or text field with values of its own for 'wildcard', got text field "
       "'raw'"},
  };
  for (const Row& row : kRows) {
    const auto tree = parse_lucene(row.text);
    ASSERT_FALSE(tree) << row.text;
    EXPECT_EQ(tree.error().message, row.want) << row.text;
    EXPECT_TRUE(tree.error().at) << row.text;
  }
}

}  // namespace
}  // namespace trailsift::query
