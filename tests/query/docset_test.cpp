#include "query/docset.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace trailsift::query {
namespace {

using Model = std::set<DocId>;

std::vector<DocId> all(const DocSet& docs) {
  return docs.first(std::numeric_limits<std::size_t>::max());
}

std::vector<DocId> all(const Model& model) {
  return {model.begin(), model.end()};
}

/// A set and what it should hold.
struct Pair {
  DocSet docs;
  Model model;
};

/// Numbers up to this lie in several of the containers that a bitmap is made of.
constexpr DocId kUniverse = 200'000;

/// Sparse, dense or a range: a bitmap stores each kind in its own way.
Pair random_pair(std::mt19937_64& random) {
  Pair pair;
  const auto below = [&](std::uint64_t limit) { return static_cast<DocId>(random() % limit); };
  switch (random() % 3) {
    case 0: {
      const DocId begin = below(kUniverse);
      const DocId end = begin + below(kUniverse - begin);
      for (DocId doc = begin; doc < end; ++doc) pair.model.insert(pair.model.end(), doc);
      pair.docs = DocSet(DocRange{begin, end});
      return pair;
    }
    case 1: {
      for (int i = 0; i < 100; ++i) pair.model.insert(below(kUniverse));
      break;
    }
    default: {
      const DocId step = 1 + below(4);
      for (DocId doc = below(1000); doc < kUniverse; doc += step) pair.model.insert(doc);
    }
  }
  pair.docs = DocSet(all(pair.model));
  return pair;
}

template <class Algorithm>
Model combined(const Model& a, const Model& b, Algorithm algorithm) {
  Model result;
  algorithm(a.begin(), a.end(), b.begin(), b.end(), std::inserter(result, result.end()));
  return result;
}

TEST(DocSet, AgreesWithASetOfNumbers) {
  const std::uint64_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 30; ++round) {
    const Pair a = random_pair(random);
    const Pair b = random_pair(random);
    const auto intersect = [](auto... args) { std::set_intersection(args...); };
    const auto unite = [](auto... args) { std::set_union(args...); };
    const auto subtract = [](auto... args) { std::set_difference(args...); };
    EXPECT_EQ(all(a.docs & b.docs), all(combined(a.model, b.model, intersect)));
    EXPECT_EQ(all(a.docs | b.docs), all(combined(a.model, b.model, unite)));
    EXPECT_EQ(all(a.docs - b.docs), all(combined(a.model, b.model, subtract)));
    EXPECT_EQ(a.docs.count(), a.model.size());
    EXPECT_EQ(a.docs.empty(), a.model.empty());
    const DocId low = static_cast<DocId>(random() % kUniverse);
    const DocId high = low + static_cast<DocId>(random() % kUniverse);
    const auto inside = std::distance(a.model.lower_bound(low), a.model.lower_bound(high));
    EXPECT_EQ(a.docs.count({low, high}), static_cast<std::uint64_t>(inside));
    EXPECT_EQ(a.docs.contains(low), a.model.contains(low));
    std::vector<DocId> some(a.model.lower_bound(low), a.model.end());
    some.resize(std::min<std::size_t>(some.size(), 5000));
    EXPECT_EQ(a.docs.first(5000, low), some);
  }
}

TEST(DocSet, TellsItsEnds) {
  const DocSet docs(std::vector<DocId>{70'000, 3, 9, 3});
  EXPECT_EQ(docs.first(), 3U);
  EXPECT_EQ(docs.last(), 70'000U);
  EXPECT_EQ(docs.at(0), 3U);
  EXPECT_EQ(docs.at(2), 70'000U);
  EXPECT_EQ(docs.at(3), std::nullopt);
  EXPECT_EQ(DocSet().first(), std::nullopt);
  EXPECT_EQ(DocSet().last(), std::nullopt);
  EXPECT_EQ(DocSet().at(0), std::nullopt);
}

TEST(DocSet, OfAnEmptyRangeIsEmpty) {
  EXPECT_TRUE(DocSet(DocRange{5, 5}).empty());
  EXPECT_TRUE(DocSet(DocRange{7, 5}).empty());
  EXPECT_EQ(DocSet(DocRange{0, 9}).count({7, 5}), 0U);
}

TEST(DocSet, ComplementIsWhatIsMissingBelowTheSize) {
  const DocSet docs(std::vector<DocId>{0, 2, 5});
  EXPECT_EQ(all(complement(docs, 7)), (std::vector<DocId>{1, 3, 4, 6}));
  EXPECT_EQ(all(complement(docs, 3)), (std::vector<DocId>{1}));
  EXPECT_TRUE(complement(DocSet(), 0).empty());
  EXPECT_EQ(complement(DocSet(), 100'000).count(), 100'000U);
}

TEST(DocSet, CanBeCombinedWithItself) {
  DocSet docs(DocRange{2, 5});
  const DocSet& same = docs;
  docs &= same;
  docs |= same;
  EXPECT_EQ(all(docs), (std::vector<DocId>{2, 3, 4}));
  docs = same;
  EXPECT_EQ(docs.count(), 3U);
  docs -= same;
  EXPECT_TRUE(docs.empty());
}

TEST(DocSet, ACopyIsIndependent) {
  DocSet docs(DocRange{0, 3});
  const DocSet copy = docs;
  docs.add(std::vector<DocId>{10});
  EXPECT_EQ(copy.count(), 3U);
  EXPECT_EQ(docs.count(), 4U);
}

TEST(DocBlocks, ReadInOrderFromAnyDocument) {
  const DocSet docs(DocRange{10, 10 + 2 * DocBlocks::kBlock});
  DocBlocks blocks(docs, 12);
  const auto first = blocks.next();
  ASSERT_EQ(first.size(), DocBlocks::kBlock);
  EXPECT_EQ(first.front(), 12U);
  EXPECT_EQ(blocks.next().size(), DocBlocks::kBlock - 2);
  EXPECT_TRUE(blocks.next().empty());
  EXPECT_TRUE(blocks.next().empty());
  EXPECT_TRUE(DocBlocks(docs, 1'000'000).next().empty());
}

}  // namespace
}  // namespace trailsift::query
