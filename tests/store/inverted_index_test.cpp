#include "store/inverted_index.h"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/terms.h"
#include "tests/store/store_fixture.h"

namespace trailsift::store {
namespace {

using Lists = std::vector<std::pair<std::string, std::vector<DocId>>>;

Lists lists_of(const InvertedIndex& index) {
  Lists lists;
  expect_ok(index.for_each_in_order([&](std::string_view term, std::span<const DocId> docs) {
    lists.emplace_back(term, std::vector<DocId>(docs.begin(), docs.end()));
    return Result<void>();
  }));
  return lists;
}

TEST(InvertedIndex, GivesBackTermsInOrderWithTheirDocuments) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::minstd_rand random(seed);
    const auto below = [&](std::size_t limit) {
      return static_cast<std::uint32_t>(random() % limit);
    };
    std::vector<std::string> words;
    for (std::uint32_t i = below(300); i > 0; --i) {
      std::string word(below(3) == 0 ? below(40) : 0, 'x');  // Long beginnings in common.
      for (std::uint32_t letter = below(12); letter > 0; --letter) {
        word += std::string_view("\0\1ab\xFF", 5)[below(5)];
      }
      words.push_back(word);
    }
    InvertedIndex index;
    std::map<std::string, std::vector<DocId>> want;
    const std::uint32_t widest = 1U << below(24);
    DocId doc = 0;
    for (std::uint32_t i = words.empty() ? 0 : below(3000); i > 0; --i) {
      const std::string& word = words[below(words.size())];
      if (below(2) == 0) doc += below(widest);
      index.add(word, doc);
      auto& docs = want[word];
      if (docs.empty() || docs.back() != doc) docs.push_back(doc);
    }
    ASSERT_EQ(lists_of(index), Lists(want.begin(), want.end())) << seed;
    ASSERT_EQ(index.term_count(), want.size());
  }
}

TEST(InvertedIndex, HoldsListsOfAnyLength) {
  InvertedIndex index;
  std::vector<DocId> docs;
  for (DocId doc = 0; doc < 100'000; ++doc) {
    docs.push_back(doc * 40'000);  // Up to nearly all of 32 bits.
    index.add("always", docs.back());
  }
  EXPECT_EQ(lists_of(index), (Lists{{"always", docs}}));
}

TEST(InvertedIndex, IsEmptyAtFirst) {
  EXPECT_EQ(lists_of(InvertedIndex()), Lists{});
}

TEST(InvertedIndex, EndsAtTheFirstFailure) {
  InvertedIndex index;
  for (const char* term : {"c", "a", "b"}) index.add(term, 0);
  std::string visited;
  const auto done = index.for_each_in_order([&](std::string_view term, auto) -> Result<void> {
    visited += term;
    if (term == "b") return fail(ErrorCode::io, "full");
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "full");
  EXPECT_EQ(visited, "ab");
}

}  // namespace
}  // namespace trailsift::store
