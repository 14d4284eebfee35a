#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/ledger.h"
#include "indexer/sqlite.h"
#include "tests/indexer/staged_run.h"

namespace trailsift::indexer::testing {

// What the tests of the ledger share.

constexpr std::int64_t kLedgerNow = 1'700'000'000'000;

inline Timestamp at(std::int64_t ms) {
  return Timestamp(std::chrono::milliseconds(kLedgerNow + ms));
}

/// An attempt that ended a second after it began.
inline DeliveryOutcome outcome(const std::string& object, std::int64_t ms, DeliveryState state,
                               DeliveryCounts counts = {}) {
  DeliveryOutcome made;
  made.source = "directory";
  made.object = object;
  made.etag = "1";
  made.received = at(ms);
  if (state != DeliveryState::received) made.finished = at(ms + 1000);
  made.state = state;
  made.counts = counts;
  return made;
}

/// So many deliveries, "0", "1" and so on, a millisecond apart.
inline std::vector<DeliveryOutcome> numbered(std::size_t count, DeliveryCounts counts = {}) {
  std::vector<DeliveryOutcome> made;
  made.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    made.push_back(
        outcome(std::to_string(i), static_cast<std::int64_t>(i), DeliveryState::indexed, counts));
  }
  return made;
}

inline std::unique_ptr<Ledger> opened(const TempDirectory& directory, LedgerOptions options = {}) {
  if (!options.now) options.now = [] { return at(0); };
  auto ledger = Ledger::open(directory.path(), std::move(options));
  EXPECT_TRUE(ledger) << ledger.error().message;
  return std::move(*ledger);
}

inline void record(Ledger& ledger, const std::vector<DeliveryOutcome>& outcomes) {
  const auto done = ledger.record(outcomes);
  ASSERT_TRUE(done) << done.error().message;
}

inline DeliveryPage find(const TempDirectory& directory, const DeliveryQuery& query = {}) {
  auto page = find_deliveries(directory.path(), query);
  EXPECT_TRUE(page) << page.error().message;
  return page ? *page : DeliveryPage();
}

inline std::string words(const DeliverySums& sums) {
  const DeliveryCounts& counts = sums.counts;
  return std::to_string(sums.deliveries) + " rows, " + std::to_string(sums.attempts) +
         " attempts: " + std::to_string(counts.read) + " = " + std::to_string(counts.indexed) +
         " + " + std::to_string(counts.duplicates) + " + " + std::to_string(counts.filtered) +
         " + " + std::to_string(counts.rejected) + ", " + std::to_string(counts.bytes) + " bytes";
}

inline std::string words(const Delivery& row) {
  return row.object + " " + std::string(name(row.state)) + " " +
         words(DeliverySums{1, row.attempts, row.counts}) +
         (row.error.empty() ? "" : " (" + row.error + ")");
}

/// All objects, page by page.
inline std::vector<std::string> objects(const TempDirectory& directory, DeliveryQuery query) {
  std::vector<std::string> found;
  do {
    const DeliveryPage page = find(directory, query);
    for (const Delivery& row : page.deliveries) found.push_back(row.object);
    query.cursor = page.cursor;
  } while (!query.cursor.empty());
  return found;
}

inline Sqlite in_ledger(const TempDirectory& directory) {
  auto database =
      Sqlite::open(directory.path() / "deliveries.sqlite", {2, ""}, Sqlite::Sync::on_checkpoint);
  EXPECT_TRUE(database) << database.error().message;
  return std::move(*database);
}

inline void expect_sound(const TempDirectory& directory) {
  const auto faults = check_ledger(directory.path());
  ASSERT_TRUE(faults) << faults.error().message;
  EXPECT_EQ(*faults, std::vector<std::string>());
}

}  // namespace trailsift::indexer::testing
