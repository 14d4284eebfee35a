#include "query/parse.h"

#include <string>

#include <gtest/gtest.h>

#include "query/overloaded.h"

namespace trailsift::query {
namespace {

TEST(ParseStructured, GoesThroughAllStages) {
  const auto tree = parse_structured(
      "(and (prefix field=event_name 'Delete') (not (or user_identity_type:'AWSService'"
      " source_ip_address:'AWS Internal')) event_time:['2014-09-01T00:00:00Z',} matchall)");
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_EQ(to_string(*tree),
            "(and event_name=\"Delete\"* (not (or user_identity_type=\"AWSService\""
            " source_ip_address=\"AWS Internal\")) event_time:[2014-09-01T00:00:00Z,})");
}

TEST(ParseStructured, FailsWithAPositionAtEveryStage) {
  for (const std::string_view source :
       {"(and 'x", "(and 'x'", "(and foo:'x')", "(and bytes_in:'x')"}) {
    const auto tree = parse_structured(source);
    ASSERT_FALSE(tree) << source;
    EXPECT_EQ(tree.error().code, ErrorCode::bad_query) << source;
    EXPECT_TRUE(tree.error().at.has_value()) << source;
  }
}

/// The depth a tree has: 1 for a condition.
std::size_t depth_of(const Tree& tree) {
  const auto deepest = [](const std::vector<Tree>& children) {
    std::size_t depth = 0;
    for (const Tree& child : children) depth = std::max(depth, depth_of(child));
    return depth + 1;
  };
  return std::visit(Overloaded{
                        [&](const AllOf& all) { return deepest(all.children); },
                        [&](const AnyOf& any) { return deepest(any.children); },
                        [](const Not& negation) { return depth_of(*negation.child) + 1; },
                        [](const auto&) { return std::size_t{1}; },
                    },
                    tree.kind);
}

TEST(ParseStructured, BoundsTheDepthOfTrees) {
  std::string source = "'a b'";
  for (std::size_t i = 0; i < kMaxQueryDepth; ++i) {
    source.insert(0, i % 2 == 0 ? "(or 'a b' " : "(and 'c' ");
    source += ')';
  }
  const auto tree = parse_structured(source);
  ASSERT_TRUE(tree) << tree.error().message;
  EXPECT_LE(depth_of(*tree), kMaxQueryDepth + 2);
  EXPECT_GE(depth_of(*tree), kMaxQueryDepth);
  EXPECT_EQ(to_string(clone(*tree)), to_string(*tree));
}

}  // namespace
}  // namespace trailsift::query
