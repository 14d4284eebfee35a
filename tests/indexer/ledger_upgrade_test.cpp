#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/ledger.h"
#include "indexer/ledger_names.h"
#include "indexer/sqlite.h"
#include "store/term_hash.h"
#include "tests/indexer/staged_run.h"

namespace trailsift::indexer::testing {
namespace {

using std::chrono::milliseconds;

/// As the program made them before.
constexpr SqliteSchema kFormat1{
    .version = 1,
    .tables =
        "CREATE TABLE deliveries("
        "id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, "
        "source TEXT NOT NULL, object TEXT NOT NULL, etag TEXT NOT NULL, "
        "received INTEGER NOT NULL, finished INTEGER, newest INTEGER, "
        "state INTEGER NOT NULL, attempts INTEGER NOT NULL, "
        "read INTEGER NOT NULL, indexed INTEGER NOT NULL, duplicates INTEGER NOT NULL, "
        "filtered INTEGER NOT NULL, rejected INTEGER NOT NULL, bytes INTEGER NOT NULL, "
        "error TEXT NOT NULL);"
        "CREATE INDEX deliveries_received ON deliveries(received);"
        "CREATE INDEX deliveries_unusual ON deliveries(received) WHERE state <> 1;"
        "CREATE TABLE sums("
        "state INTEGER PRIMARY KEY, deliveries INTEGER NOT NULL, attempts INTEGER NOT NULL, "
        "read INTEGER NOT NULL, indexed INTEGER NOT NULL, duplicates INTEGER NOT NULL, "
        "filtered INTEGER NOT NULL, rejected INTEGER NOT NULL, bytes INTEGER NOT NULL);"
        "INSERT INTO sums VALUES(-1,4,5,6,6,0,0,0,7),(0,1,0,0,0,0,0,0,0),"
        "(1,2,3,16,9,7,0,0,30),(2,0,0,0,0,0,0,0,0),(3,1,2,1,0,0,0,1,10),"
        "(4,0,0,0,0,0,0,0,0);"};

const std::string kHuge(5000, 'x');
const DeliveryName kFile{"directory", "logs/1/a_20240601T0015Z_Q.json.gz",
                         "1795288035.341962886-1152"};
const DeliveryName kHugeName{"directory", kHuge, ""};

void make_format_1(const TempDirectory& directory) {
  auto database =
      Sqlite::open(directory.path() / "deliveries.sqlite", kFormat1, Sqlite::Sync::on_checkpoint);
  ASSERT_TRUE(database) << database.error().message;
  const struct {
    DeliveryName name;
    const char* rest;  // id, received, finished, newest, state, attempts, counts and error
  } kRows[] = {
      {kFile, "3,1000,4000,500,1,2,14,9,5,0,0,20,''"},
      {kHugeName, "4,1000,2000,NULL,1,1,2,0,2,0,0,10,''"},
      {{"push", "m-1", ""}, "7,900,NULL,NULL,0,0,0,0,0,0,0,0,''"},
      {{"directory", "b", "2"}, "9,5000,6000,NULL,3,2,1,0,0,0,1,10,'timeout'"},
  };
  for (const auto& row : kRows) {
    auto insert = database->prepare(
        std::string("INSERT INTO deliveries(key,source,object,etag,id,received,finished,newest,"
                    "state,attempts,read,indexed,duplicates,filtered,rejected,bytes,error) "
                    "VALUES(?1,?2,?3,?4,") +
        row.rest + ")");
    ASSERT_TRUE(insert) << insert.error().message;
    const auto part = [](const std::string& text) {
      return std::to_string(text.size()) + " " + text;
    };
    insert->bind(
        1, store::term_hash(part(row.name.source) + part(row.name.object) + part(row.name.etag)));
    const DeliveryName kept = kept_name(row.name);
    insert->bind(2, kept.source);
    insert->bind(3, kept.object);
    insert->bind(4, kept.etag);
    ASSERT_TRUE(insert->run());
  }
}

std::string words(const Delivery& row) {
  const auto time = [](std::optional<Timestamp> at) {
    return at ? std::to_string(at->time_since_epoch().count()) : "-";
  };
  const DeliveryCounts& counts = row.counts;
  return std::to_string(row.id) + " " + row.source + " " + row.object.substr(0, 40) + " " +
         row.etag + " " + time(row.received) + " " + time(row.finished) + " " + time(row.newest) +
         " " + std::string(name(row.state)) + " " + std::to_string(row.attempts) + " " +
         std::to_string(counts.read) + "=" + std::to_string(counts.indexed) + "+" +
         std::to_string(counts.duplicates) + "+" + std::to_string(counts.filtered) + "+" +
         std::to_string(counts.rejected) + " " + std::to_string(counts.bytes) + " " + row.error;
}

void expect_what_it_held(const TempDirectory& directory) {
  const auto page = find_deliveries(directory.path(), {});
  ASSERT_TRUE(page) << page.error().message;
  std::vector<std::string> rows;
  for (const Delivery& row : page->deliveries) rows.push_back(words(row));
  EXPECT_EQ(rows,
            (std::vector<std::string>{
                "9 directory b 2 5000 6000 - failed 2 1=0+0+0+1 10 timeout",
                "4 directory " + kHuge.substr(0, 40) + "  1000 2000 - indexed 1 2=0+2+0+0 10 ",
                "3 directory logs/1/a_20240601T0015Z_Q.json.gz 1795288035.341962886-1152 "
                "1000 4000 500 indexed 2 14=9+5+0+0 20 ",
                "7 push m-1  900 - - received 0 0=0+0+0+0 0 "}));
  EXPECT_EQ(ledger_sums(directory.path())->pruned, (DeliverySums{4, 5, {6, 6, 0, 0, 0, 7}}));
  const auto faults = check_ledger(directory.path());
  ASSERT_TRUE(faults) << faults.error().message;
  EXPECT_EQ(*faults, std::vector<std::string>());
}

TEST(LedgerUpgrade, AReaderBringsFormat1ToFormat2) {
  const TempDirectory directory;
  make_format_1(directory);
  expect_what_it_held(directory);
}

TEST(LedgerUpgrade, AWriterGoesOnWithTheRowsOfFormat1) {
  const TempDirectory directory;
  make_format_1(directory);
  LedgerOptions options;
  options.now = [] { return Timestamp(milliseconds(5000)); };
  auto ledger = Ledger::open(directory.path(), options);
  ASSERT_TRUE(ledger) << ledger.error().message;
  expect_what_it_held(directory);
  EXPECT_EQ(*(*ledger)->settled(std::vector<DeliveryName>{
                kFile, kHugeName, {"directory", kHuge + "x", ""}, {"directory", "b", "2"}}),
            (std::vector<bool>{true, true, false, false}));

  DeliveryOutcome again;
  static_cast<DeliveryName&>(again) = kHugeName;
  again.received = Timestamp(milliseconds(9000));
  again.state = DeliveryState::indexed;
  ASSERT_TRUE((*ledger)->record(std::vector{again}));
  const auto page = find_deliveries(directory.path(), {});
  ASSERT_EQ(page->deliveries.size(), 4U);
  EXPECT_EQ(page->deliveries[1].attempts, 2U);
}

/// A file that only calls itself a ledger stays as it is.
TEST(LedgerUpgrade, DoesAllOrNothing) {
  const TempDirectory directory;
  make_format_1(directory);
  const auto open_as_it_is = [&] {
    return Sqlite::open(directory.path() / "deliveries.sqlite", kFormat1,
                        Sqlite::Sync::on_checkpoint);
  };
  ASSERT_TRUE(open_as_it_is()->run("ALTER TABLE deliveries DROP COLUMN error"));
  const auto ledger = Ledger::open(directory.path());
  ASSERT_FALSE(ledger);
  EXPECT_NE(ledger.error().message.find("no such column: error"), std::string::npos)
      << ledger.error().message;
  auto database = open_as_it_is();
  ASSERT_TRUE(database) << database.error().message;
  auto rows = database->prepare("SELECT count(*) FROM deliveries WHERE key IS NOT NULL");
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_TRUE(rows->step().value_or(false));
  EXPECT_EQ(rows->integer(0), 4);
}

}  // namespace
}  // namespace trailsift::indexer::testing
