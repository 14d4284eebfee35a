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

TEST(Wildcard, LeavesCaseAside) {
  const std::vector<Case> cases = {
      {"CREATE*", "createUser", true},
      {"zo\xC3\x8B*", "Zo\xC3\xAB x", true},
      {"*\xC3\x9F*", "STRASSE", true},  // Sharp s folds to two letters.
      {"a?c", "ABC", true},
      {"A\\*b", "a*B", true},
      {"a", "b", false},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Wildcard(c.pattern, LetterCase::any).matches(c.value), c.matches)
        << c.pattern << " " << c.value;
  }
}

TEST(Wildcard, IsLikeAPartBetweenPieces) {
  const std::vector<Case> cases = {
      {"user", "arn:user/alice", true},
      {"use", "arn:user/alice", false},
      {"ser", "arn:user/alice", false},
      {"user/al", "arn:user/alice", false},
      {"user/al*", "arn:user/alice", true},
      {"*lice", "arn:user/alice x", true},
      {"*lic", "arn:user/alice x", false},
      {"*lic*", "arn:user/alice x", true},
      {"u*ice", "arn:user/alice x", true},
      {"s*ice", "arn:user/alice x", false},
      {"us?r", "arn:user/alice", true},
      {"?ser", "arn:user/alice", true},
      {"use?", "arn:user/alice", true},
      {"u?e", "arn:user/alice", false},
      {"-b", "a-b", true},
      {"a-", "a-b", true},
      {":*", "arn:user", true},
      {"b", "ab b", true},
      {"b*b", "ab b cb", true},
      {"e",
       "\xC3\xA9"
       "e",
       false},
      {"*", "", true},
      {"", "", true},
      {"a", "", false},
  };
  for (const auto& c : cases) {
    const Wildcard pattern(c.pattern, LetterCase::exact, Extent::part);
    EXPECT_EQ(pattern.matches(c.value), c.matches) << c.pattern << " " << c.value;
  }
}

TEST(Wildcard, TellsThePiecesThatAValueMustHave) {
  using Place = Wildcard::Piece::Place;
  struct PieceCase {
    std::string_view pattern;
    std::vector<std::pair<std::string, Place>> pieces;
  };
  const std::vector<PieceCase> cases = {
      {"Ab-c", {{"ab", Place::complete}, {"c", Place::complete}}},
      {"ab-cd*", {{"ab", Place::complete}, {"cd", Place::beginning}}},
      {"ab-*", {{"ab", Place::complete}}},
      {"*ab-cd", {{"ab", Place::inside}, {"cd", Place::complete}}},
      {"*ab*", {{"ab", Place::inside}}},
      {"*-ab-*", {{"ab", Place::complete}}},
      {"a?b", {{"a", Place::beginning}, {"b", Place::inside}}},
      {"*", {}},
      {"*--*", {}},
  };
  for (const auto& [pattern, want] : cases) {
    std::vector<std::pair<std::string, Place>> got;
    for (const auto& piece : Wildcard(pattern).pieces()) got.emplace_back(piece.text, piece.place);
    EXPECT_EQ(got, want) << pattern;
  }
}

}  // namespace
}  // namespace trailsift::query
