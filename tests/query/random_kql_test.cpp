// Random queries in the everyday language, and structured ones put into it.
#include "tests/support/random_kql.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/kql_parser.h"
#include "query/matches.h"
#include "query/parse.h"
#include "query/to_kql.h"
#include "tests/support/random_events.h"
#include "tests/support/random_query.h"
#include "tests/support/random_seed.h"

namespace trailsift::query {
namespace {

std::vector<Event> some_events() {
  test::RandomEvents records(test::random_seed());
  std::vector<Event> events;
  for (int i = 0; i < 40; ++i) events.push_back(records.event());
  return events;
}

void expect_same_answers(const Tree& tree, const Tree& other, const std::vector<Event>& events) {
  for (const Event& event : events) ASSERT_EQ(matches(tree, event), matches(other, event));
}

TEST(RandomKql, ParsesPrintsAndParsesToTheSame) {
  const auto events = some_events();
  test::RandomKql random(test::random_seed(), events);
  std::size_t with_hits = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string query = random.next();
    SCOPED_TRACE(test::seed_note() + ": " + query);
    const auto node = kql::parse_syntax(query);
    ASSERT_TRUE(node) << render(node.error(), query);
    ASSERT_EQ(*kql::parse_syntax(kql::to_string(*node)), *node);
    const auto tree = parse_kql(query);
    ASSERT_TRUE(tree) << render(tree.error(), query);
    if (const auto copy = to_kql(*tree)) {
      SCOPED_TRACE("as " + *copy);
      const auto again = parse_kql(*copy);
      ASSERT_TRUE(again) << render(again.error(), *copy);
      ASSERT_NO_FATAL_FAILURE(expect_same_answers(*tree, *again, events));
    }
    for (const Event& event : events) {
      if (!matches(*tree, event)) continue;
      ++with_hits;
      break;
    }
  }
  EXPECT_GT(with_hits, 800U);
}

TEST(RandomKql, StructuredQueriesMeanTheSameInTheEverydayLanguage) {
  const auto events = some_events();
  test::RandomQuery random(test::random_seed(), events);
  std::size_t translated = 0;
  for (int i = 0; i < 2000; ++i) {
    const std::string query = random.next();
    const auto tree = parse_structured(query);
    ASSERT_TRUE(tree) << render(tree.error(), query);
    const auto everyday = to_kql(*tree);
    if (!everyday) continue;
    ++translated;
    SCOPED_TRACE(test::seed_note() + ": " + query + " as " + *everyday);
    const auto again = parse_kql(*everyday);
    ASSERT_TRUE(again) << render(again.error(), *everyday);
    ASSERT_NO_FATAL_FAILURE(expect_same_answers(*tree, *again, events));
  }
  EXPECT_GT(translated, 1000U);
}

}  // namespace
}  // namespace trailsift::query
