#include "schema/words.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include <gtest/gtest.h>

namespace trailsift {
namespace {

TEST(Words, PlacesPiecesWhereTheyStand) {
  for (const char* text : {"", "a", "s3.amazonaws.com", "  Zo\xC3\xAB-x ", "a\xFF b",
                           "\xE2\x80\x9C"
                           "Q\xE2\x80\x9D",
                           "STRASSE stra\xC3\x9F"
                           "e",
                           "i-0abc:1/2"}) {
    const std::string_view whole = text;
    Pieces pieces;
    std::size_t last = 0;
    for (const PlacedPiece& placed : placed_pieces_of(whole)) {
      EXPECT_GE(placed.begin, last) << text;
      EXPECT_EQ(fold(whole.substr(placed.begin, placed.end - placed.begin)), placed.piece) << text;
      last = placed.end;
      pieces.push_back(placed.piece);
    }
    EXPECT_EQ(pieces, pieces_of(whole)) << text;
  }
}

using Strings = std::vector<std::string>;

TEST(Words, PiecesAreRunsOfLettersAndDigits) {
  const struct {
    const char* text;
    Strings want;
  } cases[] = {
      {"", {}},
      {"---", {}},
      {"i-0abC", {"i", "0abc"}},
      {"sqs.amazonaws.com", {"sqs", "amazonaws", "com"}},
      {"arn:aws:iam::111122223333:user/Bob_X",
       {"arn", "aws", "iam", "111122223333", "user", "bob", "x"}},
      {"GetObject", {"getobject"}},
      {"José MÜLLER", {"josé", "müller"}},
      {"Straße", {"strasse"}},
      {"4:11:47\u202fPM", {"4", "11", "47", "pm"}},
      {"日本語", {"日本語"}},
      {"e\u0301a", {"e\u0301a"}},
      {"a\u2013b", {"a", "b"}},
      {"x\xff\xfey z", {"x\xff\xfey", "z"}},
  };
  for (const auto& c : cases) EXPECT_EQ(pieces_of(c.text), c.want) << c.text;
}

TEST(Words, FoldingForgetsCaseAndNothingElse) {
  EXPECT_EQ(fold("AbC-É/ß"), "abc-é/ss");
  EXPECT_EQ(fold("\xff\xfe"), "\xff\xfe");
  EXPECT_EQ(fold(std::string("a\0B", 3)), std::string("a\0b", 3));
}

TEST(Words, QueriesAreSplitAtWhiteSpace) {
  const std::vector<Pieces> want = {{"accessdenied"}, {"alice", "example", "com"}};
  EXPECT_EQ(query_words("  AccessDenied\t--\nalice@example.com "), want);
  EXPECT_TRUE(query_words(" -- ").empty());
}

TEST(Words, PhrasesAreConsecutivePieces) {
  const Pieces text = {"user", "arn", "aws", "arn", "aws", "iam"};
  const struct {
    Pieces phrase;
    bool whole, open;
  } cases[] = {
      {{}, true, true},
      {{"aws"}, true, true},
      {{"aw"}, false, true},
      {{"arn", "aws", "iam"}, true, true},
      {{"arn", "aws", "i"}, false, true},
      {{"arn", "iam"}, false, false},
      {{"ar", "aws"}, false, false},
      {{"iam", "x"}, false, false},
      {{"user", "arn", "aws", "arn", "aws", "iam", "x"}, false, false},
  };
  for (const auto& c : cases) {
    const std::string shown = testing::PrintToString(c.phrase);
    EXPECT_EQ(contains_phrase(text, c.phrase), c.whole) << shown;
    EXPECT_EQ(contains_phrase_prefix(text, c.phrase), c.open) << shown;
  }
}

/// Every choice of positions, one for each wanted piece, none twice.
bool near_by_brute_force(const Pieces& text, const Pieces& wanted, std::size_t distance) {
  for (std::size_t begin = 0; begin < text.size(); ++begin) {
    const std::size_t end = std::min(text.size(), begin + wanted.size() + distance);
    Pieces left(wanted);
    for (std::size_t i = begin; i < end; ++i) {
      const auto found = std::ranges::find(left, text[i]);
      if (found != left.end()) left.erase(found);
    }
    if (left.empty()) return true;
  }
  return wanted.empty();
}

TEST(Words, NearAgreesWithBruteForce) {
  constexpr unsigned kSeed = 11;
  std::mt19937_64 random(kSeed);
  const auto some = [&](std::size_t longest) {
    Pieces pieces(random() % (longest + 1));
    for (auto& piece : pieces) piece = std::string(1, static_cast<char>('a' + random() % 4));
    return pieces;
  };
  for (int i = 0; i < 20'000; ++i) {
    const Pieces text = some(8);
    const Pieces wanted = some(3);
    const std::size_t distance = random() % 4;
    ASSERT_EQ(contains_near(text, wanted, distance), near_by_brute_force(text, wanted, distance))
        << testing::PrintToString(text) << testing::PrintToString(wanted) << distance;
  }
  EXPECT_TRUE(contains_near(Pieces{"a", "b"}, Pieces{"b", "a"}, SIZE_MAX));
}

TEST(Words, IdentifiersAreFoundInsideText) {
  const struct {
    const char* value;
    Strings want;
  } cases[] = {
      {"GetObject", {}},
      {"i-0abc", {"i-0abc"}},
      {"AROAEXAMPLE:alice@example.com", {"AROAEXAMPLE:alice@example.com", "alice@example.com"}},
      {R"({"Resource":"arn:aws:s3:::my-bucket/*"})",
       {R"({"Resource":"arn:aws:s3:::my-bucket/*"})", ":", "arn:aws:s3:::my-bucket/*", "my-bucket",
        "*"}},
      {"not authorized: s3:GetObject on i-0abc",
       {"not authorized: s3:GetObject on i-0abc", "authorized:", "s3:GetObject", "i-0abc"}},
  };
  for (const auto& c : cases) {
    Strings got;
    for_each_identifier(c.value, [&](std::string_view part) { got.emplace_back(part); });
    EXPECT_EQ(got, c.want) << c.value;
  }
}

TEST(Words, AnIdentifierIsAPhraseOfItsValue) {
  constexpr unsigned kSeed = 13;
  std::mt19937_64 random(kSeed);
  const Strings alphabet = {"a", "B", "7",  "é", "ß", "\u0301", "-",  ":",    "/",
                            "=", " ", "\"", "{", ",", "\u202f", "日", "\xff", std::string(1, '\0')};
  for (int i = 0; i < 20'000; ++i) {
    std::string value;
    for (auto left = random() % 20; left > 0; --left) value += alphabet[random() % alphabet.size()];
    const Pieces pieces = pieces_of(value);
    for_each_identifier(value, [&](std::string_view part) {
      EXPECT_TRUE(contains_phrase(pieces, pieces_of(part))) << value << " / " << part;
    });
  }
}

TEST(Fold, ComparesWithWhatIsFoldedAlready) {
  for (const std::string_view text : {"", "a", "AbC-1",
                                      "Stra\xC3\x9F"
                                      "e",
                                      "\xC3\x89t\xC3\xA9", "x\xFF"}) {
    EXPECT_TRUE(folds_to(text, fold(text))) << text;
    EXPECT_FALSE(folds_to(text, fold(text) + "x")) << text;
    EXPECT_FALSE(folds_to(std::string(text) + "x", fold(text))) << text;
  }
  EXPECT_FALSE(folds_to("ab", "ac"));
  EXPECT_TRUE(is_caseless("198.51.100.7/24 -_"));
  EXPECT_TRUE(is_caseless(""));
  EXPECT_FALSE(is_caseless("1a"));
  EXPECT_FALSE(is_caseless("\xC3\x9F"));
}

TEST(Pieces, GoOnAcrossAPositionOrNot) {
  const std::string text =
      "ab-\xC3\xA9"
      "e";
  const std::vector<bool> inside = {false, true, false, false};
  for (std::size_t at = 0; at < inside.size(); ++at) {
    EXPECT_EQ(is_inside_piece(text, at), inside[at]) << at;
  }
  EXPECT_TRUE(is_inside_piece(text, 5));
  EXPECT_FALSE(is_inside_piece(text, text.size()));
}

}  // namespace
}  // namespace trailsift
