#include "query/join_table.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace trailsift::query {
namespace {

std::string found(const JoinTable& table, std::optional<std::uint32_t> number) {
  return number ? table.values()[*number] : "-";
}

TEST(JoinTable, TheLastOfSeveralRowsWithOneKeyHolds) {
  JoinTable::Builder builder;
  builder.add("b", "two");
  builder.add("a", "one");
  builder.add("b", "three");
  builder.add("c", "one");
  const JoinTable table = builder.build();
  EXPECT_EQ(table.size(), 3U);
  EXPECT_TRUE(std::ranges::is_sorted(table.values()));
  EXPECT_EQ(found(table, table.find("a")), "one");
  EXPECT_EQ(found(table, table.find("b")), "three");
  EXPECT_EQ(found(table, table.find("c")), "one");
  for (const char* key : {"", "aa", "d", "A"}) EXPECT_EQ(found(table, table.find(key)), "-") << key;
  EXPECT_EQ(builder.build().size(), 0U);
}

TEST(JoinTable, AnEmptyOneKnowsNothing) {
  const JoinTable table;
  JoinTable::Walk walk(table);
  EXPECT_EQ(table.find(""), std::nullopt);
  EXPECT_EQ(walk.find("a"), std::nullopt);
  EXPECT_EQ(walk.find("b"), std::nullopt);
}

TEST(JoinTable, AWalkFindsWhatLookUpsFind) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 200; ++round) {
    std::map<std::string, std::string> wanted;
    JoinTable::Builder builder;
    for (std::size_t rows = random() % 300; rows > 0; --rows) {
      const std::string key(1, static_cast<char>(random() % 256));
      const std::string rest = std::to_string(random() % 400);
      wanted[key + rest] = "v" + std::to_string(random() % 5);
      builder.add(key + rest, wanted[key + rest]);
    }
    const JoinTable table = builder.build();
    ASSERT_EQ(table.size(), wanted.size());
    std::map<std::string, std::string> asked;  // Some keys of the table, and others between.
    for (const auto& [key, value] : wanted) {
      if (random() % 3 != 0) asked[key] = value;
      if (random() % 3 == 0 && !wanted.contains(key + "x")) asked[key + "x"] = "-";
    }
    JoinTable::Walk walk(table);
    for (const auto& [key, value] : asked) {
      ASSERT_EQ(found(table, walk.find(key)), value);
      ASSERT_EQ(found(table, table.find(key)), value);
    }
  }
}

}  // namespace
}  // namespace trailsift::query
