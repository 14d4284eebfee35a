// Which texts are like one, against the definition of the distance worked out in full.
#include "query/fuzzy.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random_seed.h"

namespace trailsift::query {
namespace {

/// The fewest letters to take in, leave out, change, or exchange with their neighbour.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> cells(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cells[i][j] = i + j;
        continue;
      }
      cells[i][j] = std::min({cells[i - 1][j] + 1, cells[i][j - 1] + 1,
                              cells[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cells[i][j] = std::min(cells[i][j], cells[i - 2][j - 2] + 1);
      }
    }
  }
  return cells[a.size()][b.size()];
}

TEST(FuzzyText, IsLikeWhatIsNearEnough) {
  const struct {
    std::string text;
    std::uint32_t edits;
    std::string other;
    bool want;
  } kRows[] = {
      {"alice", 1, "alice", true},
      {"alice", 1, "alcie", true},
      {"alice", 1, "alic", true},
      {"alice", 1, "alicee", true},
      {"alice", 1, "elice", true},
      {"alice", 1, "elicee", false},
      {"alice", 2, "elicee", true},
      {"alice", 2, "bob", false},
      {"alice", 7, "bob", false},
      {"alice", 7, "alxyz", false},
      {"a", 2, "bc", true},
      {"a", 1, "", false},
      {"zo\xC3\xAB", 1, "zoe", true},
      {"zo\xC3\xAB", 1, "zo", true},
      {"zo\xC3\xAB", 1, "zoee", false},
      {"\xF0\x9F\x98\x80", 1, "x", true},
      {"\xF0\x9F\x98\x80", 1, "xy", false},
      {"\xF0\x9F\x98\x80", 2, "xy", true},
      {"a\xFF", 1, "a", true},
      // The first byte of a character that is cut off takes nothing of what follows.
      {"\xE2xyz", 1, "xyz", true},
      {"\xE2xyz", 1, "abc", false},
      {"caf\xC3xy", 1, "cafxy", true},
      {"\xE9", 1, "\xC3\xA9x", false},
  };
  for (const auto& [text, edits, other, want] : kRows) {
    EXPECT_EQ(FuzzyText(text, edits).is_like(other), want) << text << "~" << edits << " " << other;
  }
}

TEST(FuzzyText, AgreesWithTheWholeTable) {
  std::mt19937_64 random(test::random_seed());
  std::size_t like = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string a, b;
    for (std::size_t size = 1 + random() % 7; size > 0; --size) a += "abc"[random() % 3];
    b = a;
    for (std::size_t edits = random() % 4; edits > 0 && !b.empty(); --edits) {
      const std::size_t at = random() % b.size();
      if (random() % 3 == 0)
        b.insert(at, 1, "abc"[random() % 3]);
      else if (random() % 2 == 0)
        b.erase(at, 1);
      else
        std::swap(b[at], b[random() % b.size()]);
    }
    const auto edits = static_cast<std::uint32_t>(1 + random() % 2);
    const bool want = !b.empty() && distance(a, b) <= edits;
    ASSERT_EQ(FuzzyText(a, edits).is_like(b), want)
        << a << "~" << edits << " " << b << ' ' << test::seed_note();
    like += want ? 1 : 0;
  }
  EXPECT_GT(like, 1000U);
  EXPECT_LT(like, 19'000U);
}

TEST(FuzzyText, TellsWhereNothingCanBeLikeIt) {
  EXPECT_FALSE(FuzzyText("alice", 2).may_be_longer_than(24));
  EXPECT_TRUE(FuzzyText(std::string(20, 'a'), 2).may_be_longer_than(24));
  EXPECT_TRUE(FuzzyText("deadbexf", 1).may_stand_in_uuid());
  EXPECT_TRUE(FuzzyText("bob", 2).may_stand_in_uuid());
  EXPECT_FALSE(FuzzyText("alice", 1).may_stand_in_uuid());
  EXPECT_FALSE(FuzzyText("createbucket", 2).may_stand_in_uuid());
  EXPECT_TRUE(FuzzyText("2012", 1).may_stand_in_time());
  EXPECT_FALSE(FuzzyText("alice", 2).may_stand_in_time());
}

}  // namespace
}  // namespace trailsift::query
