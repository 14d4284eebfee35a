#include "query/docset.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random_seed.h"

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

constexpr DocId kUniverse = 40'000;

/// What sets are made of here: each form that a set can have, and shapes that change it.
enum class Shape { nothing, one, range, few, many, cluster, holes, count };

Model random_model(Shape shape, std::mt19937_64& random) {
  Model model;
  const auto below = [&](std::uint64_t limit) { return static_cast<DocId>(random() % limit); };
  const auto add_range = [&](DocId begin, DocId end, DocId step = 1) {
    for (DocId doc = begin; doc < end; doc += step) model.insert(model.end(), doc);
  };
  const DocId begin = below(kUniverse);
  switch (shape) {
    case Shape::nothing:
    case Shape::count: break;
    case Shape::one: model.insert(begin); break;
    case Shape::range: add_range(begin, begin + below(kUniverse - begin)); break;
    case Shape::few:
      for (DocId i = 0; i < 100; ++i) model.insert(below(kUniverse));
      break;
    case Shape::many: add_range(below(1000), kUniverse, 2 + below(4)); break;
    case Shape::cluster: add_range(begin, begin + below(1000), 1 + below(40)); break;
    case Shape::holes:
      add_range(begin, begin + below(kUniverse - begin));
      for (DocId i = 0; i < 10; ++i) model.erase(begin + below(kUniverse - begin));
      break;
  }
  return model;
}

Pair random_pair(Shape shape, std::mt19937_64& random) {
  Pair pair;
  pair.model = random_model(shape, random);
  if (shape == Shape::range && !pair.model.empty()) {
    pair.docs = DocSet(DocRange{*pair.model.begin(), *pair.model.rbegin() + 1});
  } else {
    pair.docs = DocSet(all(pair.model));
  }
  return pair;
}

template <class Algorithm>
Model combined(const Model& a, const Model& b, Algorithm algorithm) {
  Model result;
  algorithm(a.begin(), a.end(), b.begin(), b.end(), std::inserter(result, result.end()));
  return result;
}

void expect_same(const DocSet& docs, const Model& model, std::mt19937_64& random) {
  EXPECT_EQ(all(docs), all(model));
  EXPECT_EQ(docs.count(), model.size());
  EXPECT_EQ(docs.empty(), model.empty());
  EXPECT_EQ(docs.first(), model.empty() ? std::nullopt : std::optional(*model.begin()));
  EXPECT_EQ(docs.last(), model.empty() ? std::nullopt : std::optional(*model.rbegin()));
  const std::uint64_t index = random() % (model.size() + 1);
  const auto at = std::next(model.begin(), static_cast<std::ptrdiff_t>(index));
  EXPECT_EQ(docs.at(index), at == model.end() ? std::nullopt : std::optional(*at));
  const DocId low = static_cast<DocId>(random() % kUniverse);
  const DocId high = low + static_cast<DocId>(random() % kUniverse);
  const auto inside = std::distance(model.lower_bound(low), model.lower_bound(high));
  EXPECT_EQ(docs.count({low, high}), static_cast<std::uint64_t>(inside));
  EXPECT_EQ(docs.contains(low), model.contains(low));
  std::vector<DocId> some(model.lower_bound(low), model.end());
  some.resize(std::min<std::size_t>(some.size(), 5000));
  EXPECT_EQ(docs.first(5000, low), some);
}

TEST(DocSet, AgreesWithASetOfNumbersInAllItsForms) {
  std::mt19937_64 random(test::random_seed());
  constexpr auto kShapes = static_cast<std::size_t>(Shape::count);
  for (std::size_t pair = 0; pair < kShapes * kShapes; ++pair) {
    const Pair a = random_pair(static_cast<Shape>(pair / kShapes), random);
    const Pair b = random_pair(static_cast<Shape>(pair % kShapes), random);
    SCOPED_TRACE(test::seed_note() + ", pair " + std::to_string(pair));
    const auto intersect = [](auto... args) { std::set_intersection(args...); };
    const auto unite = [](auto... args) { std::set_union(args...); };
    const auto subtract = [](auto... args) { std::set_difference(args...); };
    expect_same(a.docs, a.model, random);
    expect_same(a.docs & b.docs, combined(a.model, b.model, intersect), random);
    expect_same(a.docs | b.docs, combined(a.model, b.model, unite), random);
    expect_same(a.docs - b.docs, combined(a.model, b.model, subtract), random);
    // Sets that came out of one step go into the next one.
    const DocSet rest = (a.docs | b.docs) - (a.docs & b.docs);
    const auto either = [](auto... args) { std::set_symmetric_difference(args...); };
    expect_same(rest, combined(a.model, b.model, either), random);
    expect_same((rest | b.docs) & a.docs, combined(a.model, Model(), subtract), random);
  }
}

TEST(DocSet, TakesTheFormThatSuitsIt) {
  const DocSet range(std::vector<DocId>{7, 8, 9});
  EXPECT_TRUE(std::holds_alternative<DocRange>(range.form()));
  const DocSet list(std::vector<DocId>{7, 5000, 9000});
  EXPECT_TRUE(std::holds_alternative<DocSet::List>(list.form()));
  const DocSet bits = DocSet(DocRange{0, 9000}) - DocSet(std::vector<DocId>{70});
  EXPECT_TRUE(std::holds_alternative<DocBits>(bits.form()));
  EXPECT_TRUE(std::holds_alternative<DocRange>((bits & DocSet(DocRange{71, 80})).form()));
  EXPECT_TRUE(std::holds_alternative<DocRange>((bits & DocSet(DocRange{70, 71})).form()));
  EXPECT_TRUE(std::holds_alternative<DocSet::List>((bits & list).form()));
}

TEST(DocSet, IsMadeOfABitmap) {
  EXPECT_EQ(all(DocSet(DocBits(128, {0b101, 0, 1}))), (std::vector<DocId>{128, 130, 256}));
  EXPECT_TRUE(DocSet(DocBits(64, {0, 0})).empty());
  EXPECT_TRUE(DocSet(DocBits(64, {})).empty());
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
