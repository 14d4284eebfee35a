#include "query/simplify.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "query/bind.h"
#include "query/parser.h"

namespace trailsift::query {
namespace {

std::string simplified(std::string_view source) {
  const auto node = parse_syntax(source);
  if (!node) return "not parsed: " + render(node.error(), source);
  auto tree = bind(*node, {});
  if (!tree) return "not bound: " + render(tree.error(), source);
  return to_string(simplify(std::move(*tree)));
}

struct Case {
  std::string_view source, want;
};

TEST(Simplify, FlattensGroupsOfOneKind) {
  const Case kCases[] = {
      {"'a'", "raw:\"a\""},
      {"'a b'", "(and raw:\"a\" raw:\"b\")"},
      {"(and event_name:'a' (and event_name:'b' (and event_name:'c')) event_name:'d')",
       "(and event_name=\"a\" event_name=\"b\" event_name=\"c\" event_name=\"d\")"},
      {"(or event_name:'a' (or event_name:'b' (or event_name:'c')))",
       "(or event_name=\"a\" event_name=\"b\" event_name=\"c\")"},
      {"(and event_name:'a' (or event_name:'b' event_name:'c'))",
       "(and event_name=\"a\" (or event_name=\"b\" event_name=\"c\"))"},
      {"(and event_name:'a' 'b c')", "(and event_name=\"a\" raw:\"b\" raw:\"c\")"},
      {"(and (or (and event_name:'a' event_name:'b')) event_name:'c')",
       "(and event_name=\"a\" event_name=\"b\" event_name=\"c\")"},
  };
  for (const auto& c : kCases) EXPECT_EQ(simplified(c.source), c.want) << "query: " << c.source;
}

TEST(Simplify, FoldsConstants) {
  const Case kCases[] = {
      {"matchall", "everything"},
      {"(and matchall)", "everything"},
      {"(and matchall event_name:'a')", "event_name=\"a\""},
      {"(or matchall event_name:'a')", "everything"},
      {"(not matchall)", "nothing"},
      {"(not (not matchall))", "everything"},
      {"(and event_name:'a' (not matchall))", "nothing"},
      {"(or event_name:'a' (not matchall))", "event_name=\"a\""},
      {"(or (not matchall) (and (not matchall)))", "nothing"},
      {"(not (or event_name:'a' matchall))", "nothing"},
      {"(not (and event_name:'a' (not matchall)))", "everything"},
      {"'---'", "nothing"},
  };
  for (const auto& c : kCases) EXPECT_EQ(simplified(c.source), c.want) << "query: " << c.source;
}

TEST(Simplify, RemovesDoubleNegation) {
  const Case kCases[] = {
      {"(not event_name:'a')", "(not event_name=\"a\")"},
      {"(not (not event_name:'a'))", "event_name=\"a\""},
      {"(not (not (not event_name:'a')))", "(not event_name=\"a\")"},
      {"(not (and (not event_name:'a')))", "event_name=\"a\""},
      // What a negation uncovers is a child like any other.
      {"(and event_name:'a' (not (not (and event_name:'b' event_name:'c'))))",
       "(and event_name=\"a\" event_name=\"b\" event_name=\"c\")"},
  };
  for (const auto& c : kCases) EXPECT_EQ(simplified(c.source), c.want) << "query: " << c.source;
}

TEST(Simplify, MergesTimesThatMustAllHold) {
  const Case kCases[] = {
      {"(and event_time:['2021-01-01T00:00:00Z',} event_name:'a' "
       "event_time:{,'2021-02-01T00:00:00Z'})",
       "(and event_time:[2021-01-01T00:00:00Z,2021-02-01T00:00:00Z} event_name=\"a\")"},
      {"(and event_time:['2021-01-01T00:00:00Z',} event_time:['2021-01-02T00:00:00Z',}"
       " event_time:{,'2021-03-01T00:00:00Z'} event_time:{,'2021-02-01T00:00:00Z'})",
       "event_time:[2021-01-02T00:00:00Z,2021-02-01T00:00:00Z}"},
      {"(and event_time:['2021-01-02T00:00:00Z',} event_time:['2021-01-01T00:00:00Z',}"
       " event_time:{,'2021-02-01T00:00:00Z'} event_time:{,'2021-03-01T00:00:00Z'})",
       "event_time:[2021-01-02T00:00:00Z,2021-02-01T00:00:00Z}"},
      {"(and event_name:'a' event_time:{,'2021-01-01T00:00:00Z'}"
       " (and event_time:['2021-01-01T00:00:00Z',}))",
       "nothing"},
      {"(and event_name:'a' event_time:{,} event_time:{,})", "event_name=\"a\""},
      // Each may hold alone: not merged.
      {"(or event_time:{,'2021-01-01T00:00:00Z'} event_time:['2022-01-01T00:00:00Z',})",
       "(or event_time:{,2021-01-01T00:00:00Z} event_time:[2022-01-01T00:00:00Z,})"},
  };
  for (const auto& c : kCases) EXPECT_EQ(simplified(c.source), c.want) << "query: " << c.source;
}

TEST(Simplify, FindsConditionsThatNothingMeets) {
  const Case kCases[] = {
      {"event_name:''", "nothing"},
      {"requestParameters.x:''", "nothing"},
      {"event_time:['2021-01-02T00:00:00Z','2021-01-01T00:00:00Z']", "nothing"},
      {"event_time:['2021-01-01T00:00:00Z','2021-01-01T00:00:00Z'}", "nothing"},
      {"event_time:{,}", "everything"},
      {"event_name:['b','a']", "nothing"},
      {"event_name:['a','a'}", "nothing"},
      {"event_name:{'a','a']", "nothing"},
      {"event_name:['a','a']", "event_name:[\"a\",\"a\"]"},
      // In the order of the type, not of the text.
      {"bytes_in:[9,10]", "bytes_in:[\"9\",\"10\"]"},
      {"bytes_in:[10,9]", "nothing"},
      {"event_version:['9','10']", "nothing"},
      {"requestParameters.x:[9,10]", "nothing"},
      // An open range asks whether there is a value.
      {"error_code:{,}", "error_code:{,}"},
  };
  for (const auto& c : kCases) EXPECT_EQ(simplified(c.source), c.want) << "query: " << c.source;
}

TEST(Simplify, LeavesASimpleTreeAlone) {
  for (const std::string_view source :
       {"(and event_name:'a' (or aws_region:'b' (not (and 'c' 'd'))) (near 'e f'))",
        "(or event_time:{,'2021-01-01T00:00:00Z'} (prefix field=event_name 'x'))"}) {
    auto tree = bind(*parse_syntax(source), {});
    ASSERT_TRUE(tree);
    Tree once = simplify(std::move(*tree));
    const std::string text = to_string(once);
    EXPECT_EQ(to_string(simplify(std::move(once))), text);
  }
}

TEST(Simplify, TreatsEmptyGroupsAsTheirNeutralElement) {
  EXPECT_EQ(to_string(simplify(Tree{AllOf{}})), "everything");
  EXPECT_EQ(to_string(simplify(Tree{AnyOf{}})), "nothing");
}

}  // namespace
}  // namespace trailsift::query
