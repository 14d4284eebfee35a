#include "indexer/ledger.h"

#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/ledger_stage.h"
#include "tests/support/random_seed.h"

namespace trailsift::indexer::testing {
namespace {

using namespace std::string_literals;

TEST(Ledger, AddsUpTheAttemptsAtADelivery) {
  const TempDirectory directory;
  const auto ledger = opened(directory);
  DeliveryOutcome failed = outcome("a", 0, DeliveryState::failed, {1, 0, 0, 0, 1, 10});
  failed.error = "timeout";
  DeliveryOutcome read = outcome("a", 5000, DeliveryState::indexed, {9, 7, 2, 0, 0, 20});
  read.newest = at(-60'000);
  DeliveryOutcome again = outcome("a", 9000, DeliveryState::indexed, {9, 0, 9, 0, 0, 20});
  again.newest = at(-90'000);
  const struct {
    DeliveryOutcome attempt;
    const char* row;
  } kSteps[] = {
      {outcome("a", 0, DeliveryState::received),
       "a received 1 rows, 0 attempts: 0 = 0 + 0 + 0 + 0, 0 bytes"},
      {failed, "a failed 1 rows, 1 attempts: 1 = 0 + 0 + 0 + 1, 10 bytes (timeout)"},
      {outcome("a", 3000, DeliveryState::received),
       "a received 1 rows, 1 attempts: 1 = 0 + 0 + 0 + 1, 10 bytes"},
      {read, "a indexed 1 rows, 2 attempts: 10 = 7 + 2 + 0 + 1, 30 bytes"},
      {again, "a indexed 1 rows, 3 attempts: 19 = 7 + 11 + 0 + 1, 50 bytes"},
  };
  for (const auto& step : kSteps) {
    record(*ledger, {step.attempt});
    const DeliveryPage page = find(directory);
    ASSERT_EQ(page.deliveries.size(), 1U);
    EXPECT_EQ(words(page.deliveries[0]), step.row);
    EXPECT_EQ(page.deliveries[0].received, at(0));
    EXPECT_EQ(page.deliveries[0].finished, step.attempt.finished);
    EXPECT_EQ(words(page.totals),
              words({1, page.deliveries[0].attempts, page.deliveries[0].counts}));
    expect_sound(directory);
  }
  EXPECT_EQ(find(directory).deliveries[0].newest, at(-60'000));
}

TEST(Ledger, TellsDeliveriesApartBySourceObjectAndEtag) {
  const TempDirectory directory;
  const auto ledger = opened(directory);
  std::vector<DeliveryOutcome> outcomes(5, outcome("a", 0, DeliveryState::skipped));
  outcomes[1].source = "push";
  outcomes[2].object = "a1";
  outcomes[2].etag = "";
  outcomes[3].etag = "2";
  record(*ledger, outcomes);  // The last is the first again.
  EXPECT_EQ(words(find(directory).totals), "4 rows, 5 attempts: 0 = 0 + 0 + 0 + 0, 0 bytes");
}

TEST(Ledger, KnowsWhichDeliveriesAreSettled) {
  const TempDirectory directory;
  const auto ledger = opened(directory);
  const std::string huge(5000, 'x');
  const struct {
    DeliveryName name;
    std::optional<DeliveryState> state;  // Of its row; none: it has no row.
    bool settled;
  } kCases[] = {
      {{"directory", "received", "1"}, DeliveryState::received, false},
      {{"directory", "indexed", "1"}, DeliveryState::indexed, true},
      {{"directory", "skipped", "1"}, DeliveryState::skipped, true},
      {{"directory", "failed", "1"}, DeliveryState::failed, false},
      {{"directory", "quarantined", "1"}, DeliveryState::quarantined, true},
      {{"directory", "never", "1"}, {}, false},
      {{"directory", "indexed", "2"}, {}, false},
      {{"directory", "indexed", ""}, {}, false},
      {{"push", "indexed", "1"}, {}, false},
      // What differs only behind what is kept, or in bytes that are no UTF-8.
      {{"directory", huge + "1", "1"}, DeliveryState::indexed, true},
      {{"directory", huge + "2", "1"}, DeliveryState::failed, false},
      {{"directory", huge + "3", "1"}, {}, false},
      {{"directory", "\xff", "1"}, DeliveryState::indexed, true},
      {{"directory", "\xfe", "1"}, {}, false},
      {{"directory", "\uFFFD", "1"}, {}, false},
  };
  std::vector<DeliveryOutcome> outcomes;
  std::vector<DeliveryName> names;
  std::vector<bool> want;
  for (const auto& c : kCases) {
    names.push_back(c.name);
    want.push_back(c.settled);
    if (!c.state) continue;
    outcomes.push_back(outcome("", 0, *c.state));
    static_cast<DeliveryName&>(outcomes.back()) = c.name;
  }
  EXPECT_EQ(*ledger->settled(names), std::vector<bool>(names.size(), false));
  record(*ledger, outcomes);
  EXPECT_EQ(*ledger->settled(names), want);
  EXPECT_EQ(*ledger->settled({}), std::vector<bool>());

  outcomes.resize(2);  // Settled becomes open again, and open settled.
  std::swap(outcomes[0].state, outcomes[1].state);
  record(*ledger, outcomes);
  EXPECT_EQ(*ledger->settled(std::span(names).first(2)), (std::vector<bool>{true, false}));
}

TEST(Ledger, KeepsSoManyRowsForSoLong) {
  const TempDirectory directory;
  LedgerOptions options;
  options.rows = 1000;
  const auto ledger = opened(directory, options);
  record(*ledger, numbered(2500, {3, 2, 1, 0, 0, 5}));
  const DeliveryPage page = find(directory);
  EXPECT_EQ(page.totals.deliveries, 1000U);
  EXPECT_EQ(page.deliveries[0].object, "2499");
  const auto sums = ledger_sums(directory.path());
  ASSERT_TRUE(sums);
  EXPECT_EQ(words(sums->pruned),
            "1500 rows, 1500 attempts: 4500 = 3000 + 1500 + 0 + 0, 7500 bytes");
  EXPECT_EQ(words(sums->ever()),
            "2500 rows, 2500 attempts: 7500 = 5000 + 2500 + 0 + 0, 12500 bytes");
  expect_sound(directory);

  // Time passes, and the next delivery takes the old ones away: some with each record().
  LedgerOptions later;
  later.now = [] { return at(2000) + std::chrono::days(90); };
  const auto reopened = opened(directory, later);
  record(*reopened, {outcome("new", 100'000, DeliveryState::indexed)});
  EXPECT_EQ(find(directory).totals.deliveries, 501U);
  record(*reopened, {outcome("newer", 100'001, DeliveryState::indexed)});
  record(*reopened, {outcome("newest", 100'002, DeliveryState::indexed)});
  EXPECT_EQ(find(directory).totals.deliveries, 503U);
  EXPECT_EQ(objects(directory, {}).back(), "2000");
  expect_sound(directory);
}

/// What rows have in common goes with the last of them, or the file would grow for ever.

TEST(Ledger, KeepsNoOriginWithoutRows) {
  const TempDirectory directory;
  LedgerOptions options;
  options.rows = 100;
  const auto ledger = opened(directory, options);
  std::int64_t ms = 0;
  for (int day = 0; day < 20; ++day) {
    std::vector<DeliveryOutcome> outcomes;
    for (int i = 0; i < 50; ++i) {
      const std::string folder = "logs/" + std::to_string(day) + "/";
      outcomes.push_back(
          outcome(folder + std::to_string(i) + ".json.gz", ++ms, DeliveryState::indexed));
    }
    record(*ledger, outcomes);
  }
  EXPECT_EQ(find(directory).totals.deliveries, 100U);
  expect_sound(directory);  // Also that origins are those of rows.
  auto database = in_ledger(directory);
  auto origins = database.prepare("SELECT beginning,uses FROM origins ORDER BY beginning");
  ASSERT_TRUE(origins);
  for (const char* const beginning : {"logs/18/", "logs/19/"}) {
    ASSERT_TRUE(origins->step().value_or(false));
    EXPECT_EQ(origins->text(0), beginning);
    EXPECT_EQ(origins->integer(1), 50);
  }
  EXPECT_FALSE(origins->step().value_or(true));
}

TEST(Ledger, HoldsHostileNames) {
  const TempDirectory directory;
  const auto ledger = opened(directory);
  const std::string huge(100'000, 'x');
  const std::string odd = "a\0b\x1b[2J\"';\xff\u202e"s;
  DeliveryOutcome bad = outcome(odd, 3, DeliveryState::failed);
  bad.error = odd + huge;
  bad.source = bad.etag = huge;
  record(*ledger, {outcome(huge + "1", 1, DeliveryState::indexed),
                   outcome(huge + "2", 2, DeliveryState::indexed), bad});
  const DeliveryPage page = find(directory);
  ASSERT_EQ(page.deliveries.size(), 3U);
  EXPECT_EQ(page.deliveries[0].object, "a\0b\x1b[2J\"';\uFFFD\u202e"s);
  EXPECT_EQ(page.deliveries[0].error.size(), 1024U);
  EXPECT_EQ(page.deliveries[0].source.size(), 256U);
  EXPECT_EQ(page.deliveries[0].etag.size(), 256U);
  EXPECT_EQ(page.deliveries[1].object, std::string(4093, 'x') + "…");
  EXPECT_EQ(page.deliveries[1].object, page.deliveries[2].object);
  DeliveryQuery query;
  query.object = "b\x1b[2J";
  EXPECT_EQ(find(directory, query).deliveries.size(), 1U);
}

TEST(Ledger, IsReadWhileSeveralWrite) {
  const TempDirectory directory;
  const auto mine = opened(directory);
  const auto theirs = opened(directory);  // As another process has it.
  constexpr std::size_t kRounds = 40;
  constexpr std::size_t kEach = 10;
  const auto write = [&](Ledger& ledger, const std::string& prefix) {
    for (std::size_t round = 0; round < kRounds; ++round) {
      auto outcomes = numbered(kEach, {2, 1, 1, 0, 0, 1});
      for (DeliveryOutcome& one : outcomes) one.object.insert(0, prefix);
      const auto done = ledger.record(outcomes);
      ASSERT_TRUE(done) << done.error().message;
    }
  };
  std::vector<std::jthread> writers;
  writers.emplace_back([&] { write(*mine, "a"); });
  writers.emplace_back([&] { write(*mine, "b"); });
  writers.emplace_back([&] { write(*theirs, "c"); });
  std::uint64_t attempts = 0;
  while (attempts < 3 * kRounds * kEach) {
    const auto page = find_deliveries(directory.path(), {});
    ASSERT_TRUE(page) << page.error().message;
    DeliverySums sums;
    for (const Delivery& row : page->deliveries) sums += {1, row.attempts, row.counts};
    ASSERT_EQ(words(sums), words(page->totals));
    ASSERT_GE(page->totals.attempts, attempts);
    ASSERT_EQ(page->totals.attempts % kEach, 0U) << "a part of a transaction";
    attempts = page->totals.attempts;
    if (::testing::Test::HasFailure()) break;
  }
  writers.clear();
  expect_sound(directory);
}

/// Random attempts in random batches: rows, filtered totals and sums say what a map says.
TEST(Ledger, AddsUpWhateverComes) {
  SCOPED_TRACE(test::seed_note());
  std::mt19937_64 random(test::random_seed());
  const auto below = [&](std::uint64_t end) { return random() % end; };
  const TempDirectory directory;
  auto ledger = opened(directory);
  std::map<std::string, DeliverySums> rows;
  std::map<std::string, DeliveryState> states;
  for (int batch = 0; batch < 60; ++batch) {
    std::vector<DeliveryOutcome> outcomes;
    for (std::uint64_t i = below(40); i > 0; --i) {
      DeliveryOutcome one = outcome(std::to_string(below(60)), static_cast<std::int64_t>(below(99)),
                                    static_cast<DeliveryState>(below(kDeliveryStates)));
      DeliveryCounts& counts = one.counts;
      counts = {0, below(9), below(9), below(9), below(9), below(1000)};
      counts.read = counts.indexed + counts.duplicates + counts.filtered + counts.rejected;
      rows[one.object] += {0, one.state == DeliveryState::received ? 0U : 1U, counts};
      rows[one.object].deliveries = 1;
      states[one.object] = one.state;
      outcomes.push_back(std::move(one));
    }
    record(*ledger, outcomes);
    if (below(10) == 0) ledger = opened(directory);
  }
  LedgerSums want;
  for (const auto& [object, sums] : rows) {
    want.by_state.at(static_cast<std::size_t>(states[object])) += sums;
  }
  const auto sums = ledger_sums(directory.path());
  ASSERT_TRUE(sums);
  for (std::size_t i = 0; i < kDeliveryStates; ++i) {
    DeliveryQuery query;
    query.state = static_cast<DeliveryState>(i);
    EXPECT_EQ(words(sums->by_state.at(i)), words(want.by_state.at(i)));
    EXPECT_EQ(words(find(directory, query).totals), words(want.by_state.at(i)));
  }
  for (const Delivery& row : find(directory).deliveries) {
    EXPECT_EQ(words(DeliverySums{1, row.attempts, row.counts}), words(rows[row.object]));
    EXPECT_EQ(row.counts.read, row.counts.indexed + row.counts.duplicates + row.counts.filtered +
                                   row.counts.rejected);
  }
  expect_sound(directory);
}

}  // namespace
}  // namespace trailsift::indexer::testing
