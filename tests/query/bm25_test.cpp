// The formula is Xapian's: over a database of its own it gives the same weights.
#include "query/bm25.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <xapian.h>

#include "tests/support/random_seed.h"

namespace trailsift::query {
namespace {

/// Texts of words w0, w1, …, of which the first ones stand in most texts.
std::vector<std::vector<int>> random_texts(std::mt19937_64& random) {
  std::geometric_distribution<int> word(0.2);
  std::vector<std::vector<int>> texts(1 + random() % 60);
  for (auto& text : texts) {
    text.resize(1 + random() % 30);
    for (int& one : text) one = word(random);
  }
  return texts;
}

Xapian::WritableDatabase database_of(const std::vector<std::vector<int>>& texts) {
  Xapian::WritableDatabase database("", Xapian::DB_BACKEND_INMEMORY);
  for (const auto& text : texts) {
    Xapian::Document document;
    for (const int word : text) document.add_term("w" + std::to_string(word));
    database.add_document(document);
  }
  return database;
}

TEST(Bm25, WeighsAsXapianDoes) {
  SCOPED_TRACE(test::seed_note());
  std::mt19937_64 random(test::random_seed());
  std::size_t weighed = 0;
  for (int round = 0; round < 40; ++round) {
    const auto texts = random_texts(random);
    const Xapian::WritableDatabase database = database_of(texts);
    for (int word = 0; word < 8; ++word) {
      const std::string term = "w" + std::to_string(word);
      const Bm25 bm25(texts.size(), database.get_termfreq(term), database.get_avlength());
      Xapian::Enquire enquire(database);
      enquire.set_weighting_scheme(Xapian::BM25Weight());
      enquire.set_query(Xapian::Query(term));
      const Xapian::MSet found = enquire.get_mset(0, database.get_doccount());
      for (auto hit = found.begin(); hit != found.end(); ++hit) {
        const auto& text = texts[*hit - 1];
        const auto times = static_cast<std::uint64_t>(std::ranges::count(text, word));
        ASSERT_NEAR(bm25.weight(times, text.size()), hit.get_weight(), 1e-9 * hit.get_weight())
            << term << ' ' << times << " times in " << text.size();
        ++weighed;
      }
    }
  }
  EXPECT_GT(weighed, 100U);
}

TEST(Bm25, OfAWordInAnAverageTextIsHowRareItIs) {
  for (const std::uint64_t with : {0U, 1U, 7U, 50U, 99U, 100U}) {
    const Bm25 bm25(100, with, 12);
    EXPECT_NEAR(bm25.weight(), bm25.weight(1, 12), 1e-12);
    EXPECT_GT(bm25.weight(), 0);
  }
  EXPECT_GT(Bm25(100, 1).weight(), Bm25(100, 2).weight());
  EXPECT_GT(Bm25(100, 5, 12).weight(2, 12), Bm25(100, 5, 12).weight(1, 12));
  EXPECT_GT(Bm25(100, 5, 12).weight(1, 9), Bm25(100, 5, 12).weight(1, 12));
}

}  // namespace
}  // namespace trailsift::query
