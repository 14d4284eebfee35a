#include "server/json_out.h"

#include <gtest/gtest.h>

#include "server/utf8.h"

namespace trailsift::server {
namespace {

void write_sample(JsonOut& out) {
  out.begin_object();
  out.member("a", "x\"y\n\x1F");
  out.member("b", 18446744073709551615ULL);
  out.key("c");
  out.begin_array();
  out.boolean(true);
  out.end_array();
  out.end_object();
}

TEST(JsonOut, IsCompactOrIndented) {
  JsonOut compact;
  write_sample(compact);
  EXPECT_EQ(compact.text(), R"({"a":"x\"y\n\u001F","b":18446744073709551615,"c":[true]})");
  EXPECT_EQ(compact.size(), compact.text().size());

  JsonOut pretty(true);
  write_sample(pretty);
  EXPECT_EQ(pretty.text(),
            "{\n  \"a\": \"x\\\"y\\n\\u001F\",\n  \"b\": 18446744073709551615,\n"
            "  \"c\": [\n    true\n  ]\n}");
}

TEST(JsonOut, ReplacesBytesThatAreNoText) {
  JsonOut out;
  out.string("a\xFF\xC3(\xC3\xA9");
  EXPECT_EQ(out.text(), "\"a\xEF\xBF\xBD\xEF\xBF\xBD(\xC3\xA9\"");
}

TEST(Utf8, IsToldFromOtherBytes) {
  const struct {
    const char* text;
    bool valid;
  } kCases[] = {
      {"", true},
      {"plain", true},
      {"\xC2\x80", true},
      {"\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF", true},
      {"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true},
      {"\x80", false},
      {"\xC3", false},
      {"\xC1\xBF", false},
      {"\xE0\x9F\xBF", false},
      {"\xED\xA0\x80", false},
      {"\xF0\x8F\xBF\xBF", false},
      {"\xF4\x90\x80\x80", false},
      {"\xF8\x88\x80\x80\x80", false},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(is_utf8(c.text), c.valid) << c.text;
    EXPECT_TRUE(is_utf8(to_utf8(c.text))) << c.text;
    if (c.valid) {
      EXPECT_EQ(to_utf8(c.text), c.text);
    }
  }
}

}  // namespace
}  // namespace trailsift::server
