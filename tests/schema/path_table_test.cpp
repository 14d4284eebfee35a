#include "schema/path_table.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift {
namespace {

PathId path_of(PathTable& paths, const std::vector<std::string_view>& keys) {
  PathId path = PathTable::kRoot;
  for (const auto key : keys) path = paths.child(path, key);
  return path;
}

TEST(PathTable, PathsWithTheSameTextAreOne) {
  const struct {
    std::vector<std::string_view> keys, other;
    bool same;
  } cases[] = {
      {{"a"}, {"a"}, true},
      {{"a", "b.c"}, {"a.b", "c"}, true},
      {{"a", "b", "c"}, {"a.b.c"}, true},
      {{"", "a"}, {"a"}, true},
      {{"a", ""}, {"a."}, true},
      {{"a", "b"}, {"b", "a"}, false},
      {{"a", "b"}, {"ab"}, false},
      {{"a"}, {"A"}, false},
      {{}, {""}, false},  // The record itself is no leaf.
  };
  for (const auto& c : cases) {
    PathTable paths;
    const PathId one = path_of(paths, c.keys);
    const PathId other = path_of(paths, c.other);
    EXPECT_EQ(one == other, c.same) << paths.text(one) << " and " << paths.text(other);
    EXPECT_EQ(path_of(paths, c.keys), one);
  }
}

TEST(PathTable, TellsTheKeyThatIsLikelyNext) {
  PathTable paths;
  const PathId a = paths.child(PathTable::kRoot, "a");
  const PathId below = paths.child(a, "b");
  EXPECT_EQ(paths.likely_key(PathTable::kRoot), "");
  EXPECT_EQ(paths.child(PathTable::kRoot, "a"), a);
  EXPECT_EQ(paths.likely_key(PathTable::kRoot), "");
  EXPECT_EQ(paths.likely_key(a), "b");
  EXPECT_EQ(paths.likely_child(), below);
  EXPECT_EQ(paths.likely_key(PathTable::kRoot), "a");
  EXPECT_EQ(paths.likely_child(), a);
  paths.child(a, "c");
  paths.child(PathTable::kRoot, "a");
  EXPECT_EQ(paths.likely_key(a), "c");
  // What JSON writes with other bytes is not told.
  for (const char* key : {"quote\"", "back\\slash"}) {
    paths.child(a, key);
    paths.child(PathTable::kRoot, "a");
    EXPECT_EQ(paths.likely_key(a), "c") << key;
  }
}

TEST(PathTable, NoKeysLeadToUnreachablePaths) {
  PathTable paths;
  const PathId before = paths.child(PathTable::kRoot, "before");
  const std::vector<PathId> made = {paths.add_unreachable("before"), paths.add_unreachable("after"),
                                    paths.add_unreachable("after")};
  const PathId after = paths.child(PathTable::kRoot, "after");
  EXPECT_EQ(paths.child(PathTable::kRoot, "before"), before);
  EXPECT_EQ((std::vector{before, made[0], made[1], made[2], after}),
            (std::vector<PathId>{1, 2, 3, 4, 5}));
  for (const PathId path : {made[1], made[2], after}) EXPECT_EQ(paths.text(path), "after");
  EXPECT_EQ(paths.text(PathTable::kRoot), "");
  EXPECT_EQ(paths.size(), 6U);
}

TEST(PathTable, HoldsManyPathsWhereTheyAre) {
  constexpr PathId kMany = 5000;
  PathTable paths;
  std::vector<std::string_view> texts;
  for (PathId i = 0; i < kMany; ++i) {
    const PathId parent = i % 3 == 0 ? PathTable::kRoot : i;
    const PathId path = paths.child(parent, std::to_string(i));
    ASSERT_EQ(path, i + 1);
    texts.push_back(paths.text(path));
  }
  for (PathId i = 0; i < kMany; ++i) {
    const PathId parent = i % 3 == 0 ? PathTable::kRoot : i;
    EXPECT_EQ(paths.child(parent, std::to_string(i)), i + 1);
    EXPECT_EQ(paths.text(i + 1).data(), texts[i].data());
  }
  EXPECT_GT(paths.memory_bytes(), kMany * sizeof(std::string_view));
}

}  // namespace
}  // namespace trailsift
