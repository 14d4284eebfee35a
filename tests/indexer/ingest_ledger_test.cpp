// What a run leaves in the ledger.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/ingest_stage.h"

namespace trailsift::indexer::testing {
namespace {

/// The rows of the ledger after a run: "object state read = indexed + duplicates + filtered +
/// rejected", sorted; and that they add up to the account.
std::vector<std::string> rows(const TempDirectory& directory, const IngestAccount& account) {
  DeliveryQuery query;
  query.limit = 10'000;
  const auto page = find_deliveries(directory.path(), query);
  EXPECT_TRUE(page);
  std::vector<std::string> rows;
  for (const Delivery& row : page->deliveries) {
    const DeliveryCounts& counts = row.counts;
    EXPECT_EQ(counts.read, counts.indexed + counts.duplicates + counts.filtered + counts.rejected);
    rows.push_back(row.object + " " + std::string(name(row.state)) + " " +
                   std::to_string(counts.read) + " = " + std::to_string(counts.indexed) + " + " +
                   std::to_string(counts.duplicates) + " + " + std::to_string(counts.filtered) +
                   " + " + std::to_string(counts.rejected));
  }
  std::ranges::sort(rows);
  const DeliveryCounts& totals = page->totals.counts;
  EXPECT_EQ(totals.read, account.read);
  EXPECT_EQ(totals.indexed, account.indexed);
  EXPECT_EQ(totals.duplicates, account.duplicates);
  EXPECT_EQ(totals.filtered, account.filtered);
  EXPECT_EQ(totals.rejected, account.rejected);
  return rows;
}

TEST(Ingest, EveryFileHasItsOwnAccount) {
  for (const std::size_t batch_events : {1UL, 4UL, 100UL}) {
    SCOPED_TRACE(batch_events);
    const TempDirectory directory;
    const auto ledger = Ledger::open(directory.path());
    ASSERT_TRUE(ledger);
    Stage stage;
    stage.options.workers = 1;
    stage.options.batch_events = batch_events;
    stage.options.ledger = ledger->get();
    stage.source.add("1", gzip(envelope({record("a"), record("b"), record("c")})));
    stage.source.add("2", record("b") + "\n" + record("d") + "\n" + record("d"));
    stage.source.add("3", envelope({}));
    stage.source.add_unopenable("4");
    stage.source.add("5", R"({"digestStartTime":"2024-05-01T10:00:00Z"})");
    stage.source.add("6", "{\"eventID\":?}");
    stage.source.add("7", "{\"eventID\":?}\n" + record("e") + "\n" + record("a"));
    stage.source.add_error("cannot list 'bucket'");
    const auto account = stage.run();
    ASSERT_TRUE(account);
    EXPECT_EQ(rows(directory, *account),
              (std::vector<std::string>{
                  " failed 1 = 0 + 0 + 0 + 1", "1 indexed 3 = 3 + 0 + 0 + 0",
                  "2 indexed 3 = 1 + 2 + 0 + 0", "3 indexed 0 = 0 + 0 + 0 + 0",
                  "4 failed 1 = 0 + 0 + 0 + 1", "5 skipped 0 = 0 + 0 + 0 + 0",
                  "6 quarantined 1 = 0 + 0 + 0 + 1", "7 indexed 3 = 1 + 1 + 0 + 1"}));
    DeliveryQuery query;
    query.object = "1";
    const Delivery first = find_deliveries(directory.path(), query)->deliveries.at(0);
    EXPECT_EQ(first.source, "directory");
    EXPECT_GT(first.counts.bytes, 0U);
    EXPECT_EQ(first.newest, flatten(record("a"))->time);
    EXPECT_LE(first.received, first.finished);
    query.object = "6";
    EXPECT_TRUE(find_deliveries(directory.path(), query)
                    ->deliveries.at(0)
                    .error.starts_with("invalid_json: "));
  }
}

TEST(Ingest, RowsOfManyWorkersAddUp) {
  const TempDirectory directory;
  const auto ledger = Ledger::open(directory.path());
  ASSERT_TRUE(ledger);
  Stage stage;
  stage.options.workers = 8;
  stage.options.batch_events = 50;
  stage.options.ledger = ledger->get();
  for (int i = 0; i < 300; ++i) {
    stage.source.add(std::to_string(i),
                     envelope(records(std::to_string(i % 200) + "-", 1 + i % 7)) + "\n{?}");
  }
  add_generated(stage.source, "large", 500'000);
  const auto account = stage.run();
  ASSERT_TRUE(account);
  EXPECT_EQ(rows(directory, *account).size(), 301U);
  EXPECT_TRUE(check_ledger(directory.path())->empty());
  EXPECT_FALSE(account->unrecorded);
}

TEST(Ingest, AFileThatWasStoppedHasFailed) {
  const TempDirectory directory;
  const auto ledger = Ledger::open(directory.path());
  ASSERT_TRUE(ledger);
  Stage stage;
  stage.options.ledger = ledger->get();
  stage.options.workers = 1;
  stage.options.batch_events = 1000;
  stage.writer.on_commit = [&] { stage.stop.request_stop(); };
  add_generated(stage.source, "endless", SIZE_MAX);
  const auto account = stage.run();
  ASSERT_TRUE(account);
  EXPECT_EQ(rows(directory, *account),
            std::vector<std::string>{"endless failed 1000 = 1000 + 0 + 0 + 0"});
  EXPECT_EQ(find_deliveries(directory.path(), {})->deliveries[0].error, "stopped before its end");
}

class FailingLedger : public Ledger {
 public:
  Result<void> record(std::span<const DeliveryOutcome> /*outcomes*/) override {
    return fail(ErrorCode::corrupt, "the ledger is damaged");
  }
  Result<std::vector<bool>> settled(std::span<const DeliveryName> /*names*/) override {
    return fail(ErrorCode::corrupt, "the ledger is damaged");
  }
};

TEST(Ingest, AnErrorOfTheLedgerEndsNothing) {
  FailingLedger ledger;
  Stage stage;
  stage.options.ledger = &ledger;
  stage.options.batch_events = 2;
  for (const char* const name : {"a", "b", "c"}) stage.source.add(name, record(name));
  const auto account = stage.run();
  ASSERT_TRUE(account);
  EXPECT_EQ(account->indexed, 3U);
  ASSERT_TRUE(account->unrecorded);
  EXPECT_EQ(account->unrecorded->message, "the ledger is damaged");
}

}  // namespace
}  // namespace trailsift::indexer::testing
