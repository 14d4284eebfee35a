#include "query/lexer.h"

#include <string>

#include <gtest/gtest.h>

#include "schema/error.h"

namespace trailsift::query {
namespace {

std::string_view kind_name(TokenKind kind) {
  switch (kind) {
    case TokenKind::open_paren:
    case TokenKind::close_paren:
    case TokenKind::open_bracket:
    case TokenKind::close_bracket:
    case TokenKind::open_brace:
    case TokenKind::close_brace:
    case TokenKind::comma:
    case TokenKind::colon:
    case TokenKind::equals: return "";
    case TokenKind::word: return "word ";
    case TokenKind::number: return "number ";
    case TokenKind::string: return "string ";
    case TokenKind::double_quoted: return "double ";
    case TokenKind::unknown: return "unknown ";
    case TokenKind::broken: return "broken ";
    case TokenKind::end: return "end";
  }
  return "?";
}

/// Every token, one after the other, separated by `|`.
std::string tokens(std::string_view source) {
  Lexer lexer(source);
  std::string out;
  for (;;) {
    const Token token = lexer.next();
    if (token.kind == TokenKind::end) return out;
    if (!out.empty()) out += '|';
    out += std::string(kind_name(token.kind)) + token.text;
  }
}

TEST(Lexer, CutsTextIntoTokens) {
  const struct {
    std::string_view source, want;
  } kCases[] = {
      {"", ""},
      {" \t\r\n\v\f ", ""},
      {"()[]{},:=", "(|)|[|]|{|}|,|:|="},
      {"event_name:'x'", "word event_name|:|string x"},
      {"(and(or a:'x'))", "(|word and|(|word or|word a|:|string x|)|)"},
      {"requestParameters.x-amz-acl", "word requestParameters.x-amz-acl"},
      {"@timestamp _id a1", "word @timestamp|word _id|word a1"},
      {"field=\"raw\"'y'", "word field|=|double raw|string y"},
      {"'a''b'", "string a|string b"},
  };
  for (const auto& c : kCases) EXPECT_EQ(tokens(c.source), c.want) << "source: " << c.source;
}

TEST(Lexer, UnescapesStrings) {
  const struct {
    std::string_view source, want;
  } kCases[] = {
      {R"('')", "string "},
      {R"('O\'Brien\\x')", R"(string O'Brien\x)"},
      {R"("say \"hi\" 'there'")", R"(double say "hi" 'there')"},
      {R"('say "hi"')", R"(string say "hi")"},
      {R"('\n\x\*')", "string nx*"},
      {"'two\nlines'", "string two\nlines"},
      {"'caf\xC3\xA9 \xE2\x80\x98'", "string caf\xC3\xA9 \xE2\x80\x98"},
      {std::string_view("'a\0b'", 5), std::string_view("string a\0b", 10)},
  };
  for (const auto& c : kCases) EXPECT_EQ(tokens(c.source), c.want) << "source: " << c.source;
}

TEST(Lexer, ReadsNumbersAsTheyAreWritten) {
  const struct {
    std::string_view source, want;
  } kCases[] = {
      {"0", "number 0"},
      {"007", "number 007"},
      {"-12.50", "number -12.50"},
      {"1e5 1E-5 1.5e+10", "number 1e5|number 1E-5|number 1.5e+10"},
      {"111122223333)", "number 111122223333|)"},
      {"99999999999999999999999999", "number 99999999999999999999999999"},
      {"5'x'", "number 5|string x"},
      {"[1,-2}", "[|number 1|,|number -2|}"},
  };
  for (const auto& c : kCases) EXPECT_EQ(tokens(c.source), c.want) << "source: " << c.source;
}

TEST(Lexer, TellsWhatItCannotRead) {
  const struct {
    std::string_view source, want;
  } kCases[] = {
      {"1..5 'x'", "broken expected a number, got '1..5'"},
      {"-", "broken expected a number, got '-'"},
      {"1.", "broken expected a number, got '1.'"},
      {"1e+", "broken expected a number, got '1e'"},
      {"12abc", "broken expected a number, got '12abc'"},
      {"2021-07-29", "broken expected a number, got '2021-07-29'"},
      {"a:'x", "word a|:|broken expected a closing ', got end of query"},
      {"'x\\", "broken expected a closing ', got end of query"},
      {"'x\\'", "broken expected a closing ', got end of query"},
      {"\"x'", "broken expected a closing \", got end of query"},
      {"a+b", "word a|unknown +|word b"},
      {"\xE2\x80\x98x", "unknown \xE2\x80\x98|word x"},
      {std::string_view("a\0b", 3), std::string_view("word a|unknown \0|word b", 23)},
  };
  for (const auto& c : kCases) EXPECT_EQ(tokens(c.source), c.want) << "source: " << c.source;
}

TEST(Lexer, KnowsWhereEachTokenStands) {
  Lexer lexer(" ab:'c\\'d'  [-1.5");
  const Span kWant[] = {{1, 3}, {3, 4}, {4, 10}, {12, 13}, {13, 17}, {17, 17}, {17, 17}};
  for (const Span want : kWant) {
    const Token token = lexer.next();
    EXPECT_EQ(token.at, want) << token.text << " at " << token.at.begin << ".." << token.at.end;
  }
}

TEST(Lexer, LooksAheadPastWhiteSpace) {
  Lexer lexer("field \n = 'x'");
  EXPECT_EQ(lexer.next().text, "field");
  EXPECT_FALSE(lexer.next_is(':'));
  EXPECT_TRUE(lexer.next_is('='));
  EXPECT_EQ(lexer.next().kind, TokenKind::equals);
  EXPECT_EQ(lexer.next().text, "x");
  EXPECT_FALSE(lexer.next_is('\0'));
}

TEST(Lexer, DescribesTokensForErrors) {
  const struct {
    std::string_view source, want;
  } kCases[] = {
      {"", "end of query"},  {"abc", "'abc'"},   {")", "')'"}, {"12", "number 12"},
      {"'x'", "string 'x'"}, {"\"x\"", "\"x\""}, {"#", "'#'"}, {"'\x01'", "string '?'"},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(describe(Lexer(c.source).next()), c.want) << "source: " << c.source;
  }
}

TEST(Lexer, ShortensWhatItDescribes) {
  const std::string longer = "'" + std::string(79, 'a') + "\xC3\xA9zzz'";
  // Not cut inside the two bytes of the last letter.
  EXPECT_EQ(describe(Lexer(longer).next()), "string '" + std::string(79, 'a') + "...'");
}

TEST(Lexer, KnowsNamesThatNeedNoQuotes) {
  for (const char* name : {"a", "_id", "@timestamp", "requestParameters.x-amz-acl", "A.0.b"}) {
    EXPECT_TRUE(is_bare_name(name)) << name;
  }
  for (const char* name : {"", "1a", "-a", ".a", "a b", "a:b", "a'b", "a/b", "caf\xC3\xA9"}) {
    EXPECT_FALSE(is_bare_name(name)) << name;
  }
}

}  // namespace
}  // namespace trailsift::query
