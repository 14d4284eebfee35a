#include "query/highlight.h"

#include <string>

#include <gtest/gtest.h>

#include "query/parse.h"
#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

HighlightStyle plain(std::size_t max_phrases = 1) {
  return {false, "<", ">", max_phrases};
}

std::string marked(const std::string& query, std::string_view text,
                   const HighlightStyle& style = plain(5)) {
  const HighlightWords words(parsed(query), field_index("error_message"));
  return words.excerpt(text, style).value_or("none");
}

TEST(Highlight, MarksWhatWasAskedFor) {
  const struct {
    const char *query, *text, *want;
  } kRows[] = {
      {"'denied'", "Access Denied to it", "Access <Denied> to it"},
      {"'nothing'", "Access Denied", "none"},
      {"'a'", "", "none"},
      {"matchall", "Access Denied", "none"},
      {"error_message:'access denied'", "denied: Access", "<denied>: <Access>"},
      {"(phrase 'access denied')", "access, access denied", "access, <access> <denied>"},
      {"(prefix 'den')", "Denied den", "<Denied> <den>"},
      {"(near 'x y')", "y z x", "<y> z <x>"},
      {"(fuzzy 'denid')", "Access Denied, deny", "Access <Denied>, deny"},
      {"(fuzzy field=event_name 'denid')", "denied", "none"},
      // A word of several pieces is one.
      {"'iam:CreateUser'", "to perform iam:CreateUser now", "to perform <iam:CreateUser> now"},
      // Only where it stands as a whole.
      {"'s3.amazonaws.com'", "com s3 s3.amazonaws.com", "com s3 <s3.amazonaws.com>"},
      {"user_agent:'denied'", "denied", "none"},
      {"(not 'denied')", "denied", "none"},
      {"(or 'a' (and 'b' (not 'c')))", "a b c", "<a> <b> c"},
      {"'zo\xC3\xAB'", "x ZO\xC3\x8B y", "x <ZO\xC3\x8B> y"},
  };
  for (const auto& [query, text, want] : kRows) EXPECT_EQ(marked(query, text), want) << query;
}

TEST(Highlight, MarksAsManyAsAllowed) {
  EXPECT_EQ(marked("'a'", "a a a", plain(1)), "<a> a a");
  EXPECT_EQ(marked("'a'", "a a a", plain(2)), "<a> <a> a");
  EXPECT_EQ(marked("(phrase 'a b')", "a b a b", plain(3)), "<a> <b> <a> b");
}

TEST(Highlight, CutsWhatIsFarAway) {
  const std::string far(300, '.');
  const std::string near(80, '.');
  EXPECT_EQ(marked("'a'", far + "a" + far, plain(1)), "..." + near + "<a>" + near + "...");
  EXPECT_EQ(marked("'a'", "a" + far + "a", plain(2)), "<a>" + near + "..." + near + "<a>");
  EXPECT_EQ(marked("'a'", "a" + near + "a", plain(2)), "<a>" + near + "<a>");
  // Between characters.
  std::string accents;
  for (int i = 0; i < 100; ++i) accents += "\xC3\xAB";
  EXPECT_EQ(marked("'a'", accents + ". a", plain(1)).substr(0, 5), "...\xC3\xAB");
  EXPECT_EQ(marked("'a'", std::string(kHighlightBytes, '.') + "a", plain(1)), "none");
}

TEST(Highlight, EscapesForHtml) {
  EXPECT_EQ(marked("'b'", "<a> & \"b\"/\xC3\xAB\n", HighlightStyle{}),
            "&#x3C;a&#x3E; &#x26; &#x22;<em>b</em>&#x22;&#x2F;\xC3\xAB&#xA;");
}

}  // namespace
}  // namespace trailsift::query
