#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/ledger.h"
#include "tests/indexer/ledger_stage.h"

namespace trailsift::indexer::testing {
namespace {

using namespace std::string_literals;

TEST(Ledger, FindsByEveryCondition) {
  const TempDirectory directory;
  const auto ledger = opened(directory);
  std::vector<DeliveryOutcome> all = {
      outcome("logs/a.json.gz", 1, DeliveryState::indexed, {2, 2, 0, 0, 0, 9}),
      outcome("logs/b.json.gz", 2, DeliveryState::failed),
      outcome("logs/100%.json", 3, DeliveryState::quarantined, {1, 0, 0, 0, 1, 9}),
      outcome("digest", 3, DeliveryState::skipped),
      outcome("m-1", 4, DeliveryState::received),
  };
  all[4].source = "sqs:trail";
  record(*ledger, all);
  const auto query = [](auto&& set) {
    DeliveryQuery made;
    set(made);
    return made;
  };
  using Query = DeliveryQuery;
  const struct {
    DeliveryQuery query;
    std::vector<std::string> objects;
  } kCases[] = {
      {query([](Query&) {}),
       {"m-1", "digest", "logs/100%.json", "logs/b.json.gz", "logs/a.json.gz"}},
      {query([](Query& q) { q.source = "sqs:trail"; }), {"m-1"}},
      {query([](Query& q) { q.source = "sqs"; }), {}},
      {query([](Query& q) { q.object = ".json.gz"; }), {"logs/b.json.gz", "logs/a.json.gz"}},
      {query([](Query& q) { q.object = "%"; }), {"logs/100%.json"}},
      {query([](Query& q) { q.object = "LOGS"; }), {}},
      {query([](Query& q) { q.object = "' OR 1=1 --"; }), {}},
      {query([](Query& q) { q.state = DeliveryState::indexed; }), {"logs/a.json.gz"}},
      {query([](Query& q) { q.state = DeliveryState::failed; }), {"logs/b.json.gz"}},
      {query([](Query& q) { q.state = DeliveryState::received; }), {"m-1"}},
      {query([](Query& q) { q.from = at(3); }), {"m-1", "digest", "logs/100%.json"}},
      {query([](Query& q) { q.to = at(2); }), {"logs/a.json.gz"}},
      {query([](Query& q) { q.from = at(2), q.to = at(3), q.object = "b"; }), {"logs/b.json.gz"}},
  };
  for (auto& c : kCases) {
    SCOPED_TRACE(c.query.object);
    for (const std::uint64_t limit : {1UL, 2UL, 5UL, 100UL}) {
      DeliveryQuery paged = c.query;
      paged.limit = limit;
      EXPECT_EQ(objects(directory, paged), c.objects);
      EXPECT_EQ(find(directory, paged).totals.deliveries, c.objects.size());
    }
  }
}

TEST(Ledger, RefusesCursorsOfAnotherMake) {
  const TempDirectory directory;
  opened(directory);
  for (const char* const cursor :
       {"x", "1", "1.", ".1", "1.2.3", "1 .2", "99999999999999999999.1"}) {
    DeliveryQuery query;
    query.cursor = cursor;
    const auto page = find_deliveries(directory.path(), query);
    ASSERT_FALSE(page) << cursor;
    EXPECT_EQ(page.error().code, ErrorCode::bad_request);
    EXPECT_EQ(page.error().message,
              "expected the cursor of an earlier answer, got '"s + cursor + "'");
  }
}

/// A delivery that comes while somebody pages neither repeats nor shifts the rest.

TEST(Ledger, PagesStayInPlace) {
  const TempDirectory directory;
  const auto ledger = opened(directory);
  for (int i = 0; i < 6; ++i) {
    record(*ledger, {outcome(std::to_string(i), i / 2, DeliveryState::indexed)});
  }
  DeliveryQuery query;
  query.limit = 2;
  std::string seen;
  do {
    const DeliveryPage page = find(directory, query);
    for (const Delivery& row : page.deliveries) seen += row.object;
    query.cursor = page.cursor;
    record(*ledger, {outcome("new" + seen, 10, DeliveryState::indexed),
                     outcome("3", 20, DeliveryState::indexed)});
  } while (!query.cursor.empty());
  EXPECT_EQ(seen, "543210");
}

TEST(Ledger, ReadsAsEmptyBeforeThereIsOne) {
  const TempDirectory directory;
  EXPECT_EQ(find(directory).totals.deliveries, 0U);
  EXPECT_EQ(ledger_sums(directory.path())->ever(), DeliverySums());
  expect_sound(directory);
  const auto missing = find_deliveries(directory.path() / "no", {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::not_found);
  const auto nowhere = Ledger::open(directory.path() / "no");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace trailsift::indexer::testing
