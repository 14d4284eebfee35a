#include "store/inverted_index.h"

#include <map>
#include <random>
#include <set>
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

/// Words with long beginnings in common, and with bytes that are hard to sort.
std::vector<std::string> random_words(std::minstd_rand& random) {
  std::vector<std::string> words(random() % 300);
  for (auto& word : words) {
    if (random() % 3 == 0) word.assign(random() % 40, 'x');
    for (auto letter = random() % 12; letter > 0; --letter) {
      word += std::string_view("\0\1ab\xFF", 5)[random() % 5];
    }
  }
  return words;
}

TEST(InvertedIndex, GivesBackTermsInOrderWithTheirDocuments) {
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    std::minstd_rand random(seed);
    const auto words = random_words(random);
    InvertedIndex index;
    std::map<std::string, std::set<DocId>> want;
    const std::uint32_t widest = 1U << random() % 21;
    DocId doc = 0;
    for (auto i = words.empty() ? 0 : random() % 3000; i > 0; --i) {
      const std::string& word = words[random() % words.size()];
      if (random() % 2 == 0) doc += static_cast<DocId>(random() % widest);
      index.add(word, doc);
      want[word].insert(doc);
    }
    Lists lists;
    for (const auto& [word, docs] : want) {
      lists.emplace_back(word, std::vector(docs.begin(), docs.end()));
    }
    ASSERT_EQ(lists_of(index), lists) << seed;
    ASSERT_EQ(index.term_count(), want.size());
  }
}

TEST(InvertedIndex, TakesTheTermsOfADocumentAtOnce) {
  std::minstd_rand random(1);
  InvertedIndex together;
  InvertedIndex one_by_one;
  for (DocId doc = 0; doc < 100; ++doc) {
    const auto words = random_words(random);
    together.add(words, doc);
    for (const auto& word : words) one_by_one.add(word, doc);
  }
  EXPECT_EQ(lists_of(together), lists_of(one_by_one));
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
