#include "server/target.h"

#include <gtest/gtest.h>

namespace trailsift::server {
namespace {

TEST(Target, IsTakenApart) {
  const struct {
    const char *target, *path, *query;
  } kCases[] = {
      {"/", "/", ""},
      {"/a/b?c=d&e=%20", "/a/b", "c=d&e=%20"},
      {"/a?b?c", "/a", "b?c"},
      {"/base//2013-01-01///search?q=a//b", "/base/2013-01-01/search", "q=a//b"},
      {"//2013-01-01/search", "/2013-01-01/search", ""},
      {"/api/events/a%2Fb+c", "/api/events/a/b+c", ""},
      {"/api//events/a%2F%2Fb", "/api/events/a//b", ""},
      {"http://127.0.0.1:8080/a?b", "/a", "b"},
      {"http://127.0.0.1", "/", ""},
      {"http://127.0.0.1?b", "/", "b"},
      {"/a?u=http://h/", "/a", "u=http://h/"},
      {"*", "*", ""},
  };
  for (const auto& c : kCases) {
    const auto target = parse_target(c.target);
    ASSERT_TRUE(target.has_value()) << c.target;
    EXPECT_EQ(target->path, c.path) << c.target;
    EXPECT_EQ(target->query, c.query) << c.target;
  }
}

TEST(Target, MustBeEncodedWell) {
  for (const char* target : {"/%", "/%2", "/%gg", "/%ff"}) {
    EXPECT_FALSE(parse_target(target).has_value()) << target;
  }
}

}  // namespace
}  // namespace trailsift::server
