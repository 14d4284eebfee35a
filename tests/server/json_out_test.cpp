#include "server/json_out.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace trailsift::server
