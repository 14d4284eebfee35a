#include "server/relaxed_json.h"

#include <random>

#include <gtest/gtest.h>

#include "tests/support/random_seed.h"

namespace trailsift::server {
namespace {

/// A value as strict JSON, words marked by angle brackets.
std::string show(const RelaxedJson& value) {
  std::string out;
  switch (value.kind) {
    case RelaxedJson::Kind::word: return "<" + value.text + ">";
    case RelaxedJson::Kind::string: return '"' + value.text + '"';
    case RelaxedJson::Kind::array:
      for (const RelaxedJson& item : value.items) out += (out.empty() ? "" : ",") + show(item);
      return "[" + out + "]";
    case RelaxedJson::Kind::object:
      for (const auto& [key, member] : value.members) {
        out += (out.empty() ? "" : ",") + key + ":" + show(member);
      }
      return "{" + out + "}";
  }
  return out;
}

std::string parsed(std::string_view text) {
  const auto value = parse_relaxed_json(text);
  if (value) return show(*value);
  const Span at = value.error().at.value_or(Span{0, 0});
  return std::to_string(at.begin) + ".." + std::to_string(at.end) + " " + value.error().message;
}

TEST(RelaxedJson, ReadsWhatTheGuideAndItsClientsWrite) {
  const struct {
    const char *text, *want;
  } kCases[] = {
      {"{}", "{}"},
      {" { } ", "{}"},
      {R"({"sort":"count","size":5})", R"({sort:"count",size:<5>})"},
      {"{sort:'bucket', size:3}", R"({sort:"bucket",size:<3>})"},
      {"{defaultOperator: 'or', fields: ['title^5','description']}",
       R"({defaultOperator:"or",fields:["title^5","description"]})"},
      {"{defaultOperator: 50%}", "{defaultOperator:<50%>}"},
      {R"({buckets:["[\'1980-01-01T00:00:00Z\',\'1986-01-01T00:00:01Z\']"]})",
       R"({buckets:["['1980-01-01T00:00:00Z','1986-01-01T00:00:01Z']"]})"},
      {"{\n  buckets : [ 1 , 2 ,\n 3 ] }", "{buckets:[<1>,<2>,<3>]}"},
      {R"({'a':true,b_c:null,d-e.f:-1.5e3})", "{a:<true>,b_c:<null>,d-e.f:<-1.5e3>}"},
      {"{a:[],b:{},}", "{a:[],b:{}}"},
      {"[1,[2,],]", "[<1>,[<2>]]"},
      {R"("a\"b\\c\/d\n\t\r\b\f")", "\"a\"b\\c/d\n\t\r\b\f\""},
      {R"('it\'s "so"')", R"("it's "so"")"},
      {R"("\u0041\u00e9\u20ac\ud83d\ude00")", "\"A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""},
      {"'gr\xC3\xBC\xC3\x9F'", "\"gr\xC3\xBC\xC3\x9F\""},
      {"word", "<word>"},
      {"''", "\"\""},
  };
  for (const auto& c : kCases) EXPECT_EQ(parsed(c.text), c.want) << "text: " << c.text;
}

TEST(RelaxedJson, PointsAtTheMistake) {
  const struct {
    const char *text, *want;
  } kCases[] = {
      {"", "0..0 expected a value, got end of text"},
      {"{", "1..1 expected a key or '}', got end of text"},
      {"{a", "2..2 expected ':', got end of text"},
      {"{a:", "3..3 expected a value, got end of text"},
      {"{a:1", "4..4 expected ',' or '}', got end of text"},
      {"{a:1 b:2}", "5..6 expected ',' or '}', got 'b'"},
      {"{,}", "1..2 expected a key or '}', got ','"},
      {"{a::1}", "3..4 expected a value, got ':'"},
      {"{a:1}}", "5..6 expected end of text, got '}'"},
      {"[1 2]", "3..4 expected ',' or ']', got '2'"},
      {"[1}", "2..3 expected ',' or ']', got '}'"},
      {"[,]", "1..2 expected a value, got ','"},
      {"'abc", "0..4 expected a closing '"},
      {"\"abc'", "0..5 expected a closing \""},
      {"'abc\\", "4..5 expected a character after '\\', got end of text"},
      {R"('\u12')", "1..3 expected the code of a character after '\\u'"},
      {R"('\uzzzz')", "1..3 expected the code of a character after '\\u'"},
      {R"('\ud800x')", "1..7 expected the code of a character after '\\u'"},
      {R"('\udc00')", "1..7 expected the code of a character after '\\u'"},
      {R"('\ud800\u0041')", "1..13 expected the code of a character after '\\u'"},
      {"{a:1,a:2}", "5..6 key 'a' is there more than once"},
      {"{a:1,'a':2}", "5..8 key 'a' is there more than once"},
      {"1 \xC3\xA9", "2..4 expected end of text, got '\xC3\xA9'"},
  };
  for (const auto& c : kCases) EXPECT_EQ(parsed(c.text), c.want) << "text: " << c.text;
}

TEST(RelaxedJson, KnowsWhereValuesStand) {
  const auto value = parse_relaxed_json("{a: 'xy' , b:[1]}");
  ASSERT_TRUE(value.has_value());
  EXPECT_EQ(value->members.at(0).value.at, (Span{4, 8}));
  EXPECT_EQ(value->members.at(1).value.at, (Span{13, 16}));
}

TEST(RelaxedJson, NamesItsLimits) {
  const std::string deep(100'000, '[');
  EXPECT_EQ(parsed(std::string_view(deep).substr(0, 60'000)),
            "17..18 arrays and objects are nested deeper than the limit of 16");
  EXPECT_EQ(parsed(std::string_view(deep).substr(0, 17)),
            "17..17 arrays and objects are nested deeper than the limit of 16");
  const auto large = parse_relaxed_json(deep);
  ASSERT_FALSE(large.has_value());
  EXPECT_EQ(large.error().code, ErrorCode::too_large);
  EXPECT_EQ(large.error().message, "options are longer than the limit of 65536 bytes");
}

TEST(RelaxedJson, TakesAnyBytes) {
  std::mt19937_64 random(test::random_seed());
  constexpr std::string_view kBytes = "{}[]:,'\"\\ua0 \n%-\xC3\xA9";
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 12, ' ');
    for (char& c : text) c = kBytes[random() % kBytes.size()];
    const auto value = parse_relaxed_json(text);
    if (value) continue;
    ASSERT_TRUE(value.error().at.has_value()) << test::seed_note() << " text " << text;
    const Span at = *value.error().at;
    ASSERT_LE(at.begin, at.end) << test::seed_note() << " text " << text;
    ASSERT_LE(at.end, text.size()) << test::seed_note() << " text " << text;
  }
}

}  // namespace
}  // namespace trailsift::server
