#include "schema/error.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift {
namespace {

TEST(Error, RendersTheLineOfTheMistakeWithCarets) {
  const struct {
    const char* name;
    Error error;
    const char* source;
    const char* want;
  } cases[] = {
      {"no place", {ErrorCode::io, "cannot open 'x'", {}}, "a", "cannot open 'x'"},
      {"one column",
       {ErrorCode::bad_query, "expected ')'", Span{2, 3}},
       "(a]",
       "expected ')'\n  (a]\n    ^"},
      {"several columns", {ErrorCode::bad_query, "m", Span{1, 4}}, "abcdef", "m\n  abcdef\n   ^^^"},
      {"at the end", {ErrorCode::bad_query, "m", Span{3, 3}}, "abc", "m\n  abc\n     ^"},
      {"beyond the end", {ErrorCode::bad_query, "m", Span{30, 40}}, "abc", "m\n  abc\n     ^"},
      {"second line only", {ErrorCode::bad_query, "m", Span{5, 6}}, "abc\nde\nf", "m\n  de\n   ^"},
      {"span over the line's end",
       {ErrorCode::bad_query, "m", Span{4, 8}},
       "abc\nde\nf",
       "m\n  de\n  ^^"},
      {"letters of two bytes count once",
       {ErrorCode::bad_query, "m", Span{5, 7}},
       "éé é",
       "m\n  éé é\n     ^"},
      {"control characters",
       {ErrorCode::bad_query, "m", Span{0, 1}},
       "\x1b[31m\x7f",
       "m\n  ?[31m?\n  ^"},
      {"empty source", {ErrorCode::bad_query, "m", Span{0, 0}}, "", "m\n  \n  ^"},
  };
  for (const auto& c : cases) EXPECT_EQ(render(c.error, c.source), c.want) << c.name;
}

TEST(Error, EveryCodeHasItsOwnName) {
  std::vector<std::string_view> names;
  for (const auto code :
       {ErrorCode::bad_query, ErrorCode::bad_request, ErrorCode::not_found, ErrorCode::too_large,
        ErrorCode::denied, ErrorCode::unavailable, ErrorCode::cancelled, ErrorCode::corrupt,
        ErrorCode::io, ErrorCode::internal}) {
    EXPECT_EQ(std::ranges::count(names, name(code)), 0) << name(code);
    names.push_back(name(code));
  }
}

}  // namespace
}  // namespace trailsift
