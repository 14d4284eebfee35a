#include "query/wildcard.h"

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::query {
namespace {

struct Case {
  std::string_view pattern;
  std::string_view value;
  bool matches;
};

TEST(Wildcard, Matches) {
  const std::vector<Case> cases = {
      {"abc", "abc", true},
      {"abc", "abcd", false},
      {"abc", "Abc", false},
      {"", "", true},
      {"", "a", false},
      {"*", "", true},
      {"*", "anything", true},
      {"a*", "a", true},
      {"a*", "ba", false},
      {"*a", "ba", true},
      {"*a", "ab", false},
      {"*a*", "bab", true},
      {"a*a", "a", false},
      {"a*a", "aa", true},
      {"ab*ba", "aba", false},
      {"ab*ba", "abba", true},
      {"*ab*ab*", "ab", false},
      {"*ab*ab*", "abab", true},
      {"*aab", "aaab", true},
      {"?", "", false},
      {"?", "a", true},
      {"?", "ab", false},
      {"?", "\xC3\xA4", true},
      {"??", "\xC3\xA4", false},
      {"*?", "\xC3\xA4", true},
      {"*?\xC3\xA4", "\xC3\xA4", false},
      {"*?\xC3\xA4", "\xE2\x82\xAC\xC3\xA4", true},
      {"a?c", "abc", true},
      {"a?c", "ac", false},
      {"*a?c*", "aac-abc", true},
      {"*a?a*?b", "aa-aba-xb", true},
      {"*?*?*", "a", false},
      {"*?*?*", "ab", true},
      {"\\*", "*", true},
      {"\\*", "a", false},
      {"a\\?", "a?", true},
      {"a\\?", "ab", false},
      {"\\\\*", "\\x", true},
      {"\\a", "a", true},
      {"a\\", "a\\", true},
  };
  for (const auto& [pattern, value, matches] : cases) {
    EXPECT_EQ(Wildcard(pattern).matches(value), matches) << pattern << " and " << value;
  }
}

TEST(Wildcard, TellsItsHead) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"abc", "abc"}, {"ab*c", "ab"}, {"a?c", "a"}, {"*a", ""}, {"a\\*b*c", "a*b"}, {"", ""}};
  for (const auto& [pattern, head] : cases) EXPECT_EQ(Wildcard(pattern).head(), head) << pattern;
}

TEST(Wildcard, KnowsPatternsThatMatchEverything) {
  for (const auto pattern : {"*", "**", "***"}) EXPECT_TRUE(Wildcard(pattern).is_any()) << pattern;
  for (const auto pattern : {"", "a", "*a", "*?", "\\*"}) {
    EXPECT_FALSE(Wildcard(pattern).is_any()) << pattern;
  }
}

std::string random_text(std::mt19937& random, std::string_view letters, std::size_t longest) {
  std::string text(random() % (longest + 1), ' ');
  for (char& c : text) c = letters[random() % letters.size()];
  return text;
}

/// The definition, without any thought of time.
bool is_like(std::string_view pattern, std::string_view value) {
  if (pattern.empty()) return value.empty();
  const std::string_view rest = pattern.substr(1);
  if (pattern.front() == '*' && is_like(rest, value)) return true;
  if (value.empty()) return false;
  if (pattern.front() == '*') return is_like(pattern, value.substr(1));
  return (pattern.front() == '?' || pattern.front() == value.front()) &&
         is_like(rest, value.substr(1));
}

TEST(Wildcard, AgreesWithItsDefinition) {
  constexpr unsigned kSeed = 20261121;
  std::mt19937 random(kSeed);
  int matched = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::string pattern = random_text(random, "ab*?", 7);
    const std::string value = random_text(random, "ab", 9);
    const bool expected = is_like(pattern, value);
    EXPECT_EQ(Wildcard(pattern).matches(value), expected) << pattern << " and " << value;
    matched += expected ? 1 : 0;
  }
  EXPECT_GT(matched, 1'000);
}

// Naive backtracking would take as long as the universe.
TEST(Wildcard, IsNotDrownedByStars) {
  std::string pattern;
  for (int star = 0; star < 1'000; ++star) pattern += "*a";
  EXPECT_FALSE(Wildcard(pattern + "b").matches(std::string(100'000, 'a')));
  EXPECT_TRUE(Wildcard(pattern).matches(std::string(100'000, 'a')));
}

}  // namespace
}  // namespace trailsift::query
