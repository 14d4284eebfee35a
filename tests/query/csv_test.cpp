#include "query/csv.h"

#include <string>

#include <gtest/gtest.h>

namespace trailsift::query {
namespace {

/// `[field|field]` of each line taken, `!line: why` of each refused. Lines that begin with "bad"
/// are not wanted.
std::string read(std::string_view text) {
  std::string found;
  const auto take = [&](std::span<const std::string> fields) -> Result<void> {
    if (fields[0] == "bad") return fail(ErrorCode::bad_request, "not wanted");
    std::string line;
    for (const std::string& field : fields) line += (line.empty() ? "[" : "|") + field;
    found += line + "]";
    return {};
  };
  const auto refuse = [&](std::size_t line, const std::string& why) {
    found += "!" + std::to_string(line) + ": " + why + ";";
  };
  read_csv(text, {take, refuse});
  return found;
}

TEST(Csv, ReadsLinesAsRfc4180HasThem) {
  const struct {
    std::string_view text, want;
  } kCases[] = {
      {"", ""},
      {"a,b", "[a|b]"},
      {"a,b\nc,d\n", "[a|b][c|d]"},
      {"a,b\r\nc,d\r\n", "[a|b][c|d]"},
      {"\xEF\xBB\xBF"
       "a,b",
       "[a|b]"},
      {"\"a\",\"b\"", "[a|b]"},
      {"\"a,b\",\"say \"\"x\"\"\"", "[a,b|say \"x\"]"},
      {"\"\",x", "[|x]"},
      {",x,", "[|x|]"},
      {"a", "[a]"},
      {"\n\n a , b \n\n", "[a|b]"},
      {"\" a \",b", "[ a |b]"},
      {"Zo\xC3\xAB,\xF0\x9F\x94\x91", "[Zo\xC3\xAB|\xF0\x9F\x94\x91]"},
      {"a\rb,c", "[a\rb|c]"},
      {std::string_view("a\0b,c", 5), std::string_view("[a\0b|c]", 7)},
  };
  for (const auto& c : kCases) EXPECT_EQ(read(c.text), c.want) << c.text;
}

TEST(Csv, ABadLineCostsItself) {
  const std::string quotes = "expected quotes around a whole field, and doubled inside of it;";
  const struct {
    std::string text, want;
  } kCases[] = {
      {"a,b\nc,\"d\ne,f\n", "[a|b]!2: " + quotes + "[e|f]"},
      {"\"a", "!1: " + quotes},
      {"\"a\"b,c\nd,e", "!1: " + quotes + "[d|e]"},
      {"a\"b,c\nd,e", "!1: " + quotes + "[d|e]"},
      {"bad,x\ngood,y\n\nbad,z", "!1: not wanted;[good|y]!4: not wanted;"},
      {"a,b\n" + std::string(kMaxCsvLineBytes + 1, 'x') + "\nc,d",
       "[a|b]!2: expected at most 65536 bytes, got 65537;[c|d]"},
  };
  for (const auto& c : kCases) EXPECT_EQ(read(c.text), c.want) << c.text.substr(0, 40);
}

TEST(Csv, TakesALineOfTheLargestSize) {
  const std::string line(kMaxCsvLineBytes, 'x');
  EXPECT_EQ(read(line + "\n"), "[" + line + "]");
}

}  // namespace
}  // namespace trailsift::query
