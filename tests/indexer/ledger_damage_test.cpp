#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/ledger.h"
#include "tests/indexer/ledger_stage.h"
#include "tests/support/full_disk.h"

namespace trailsift::indexer::testing {
namespace {

using namespace std::string_literals;

TEST(Ledger, RefusesAnotherFormatAndSaysSo) {
  const TempDirectory directory;
  opened(directory);
  ASSERT_TRUE(in_ledger(directory).run("PRAGMA user_version=3"));
  const std::string want = "'" + (directory.path() / "deliveries.sqlite").string() +
                           "' has format 3, expected 2: another version of the program made it";
  const auto writer = Ledger::open(directory.path());
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().message, want);
  const auto page = find_deliveries(directory.path(), {});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().message, want);
}

TEST(Ledger, SaysWhenItsFileIsDamaged) {
  TempDirectory directory;
  {
    const auto ledger = opened(directory);
    record(*ledger, numbered(2000));
  }
  const auto path = directory.path() / "deliveries.sqlite";
  const auto size = std::filesystem::file_size(path);
  // Every tenth of the file in turn: an answer may be right all the same, but nothing may crash,
  // and the check finds it unless nothing was there.
  int found = 0;
  for (std::uintmax_t tenth = 0; tenth < 10; ++tenth) {
    TempDirectory copy;
    std::filesystem::copy_file(path, copy.path() / "deliveries.sqlite");
    std::fstream file(copy.path() / "deliveries.sqlite",
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(size * tenth / 10));
    file << std::string(size / 20, '\xa5') << std::flush;
    const auto faults = check_ledger(copy.path());
    found += !faults || !faults->empty();
    DeliveryQuery query;
    query.object = "9";
    const auto page = find_deliveries(copy.path(), query);
    if (!page) {
      EXPECT_EQ(page.error().code, ErrorCode::corrupt) << page.error().message;
    }
    auto ledger = Ledger::open(copy.path());
    if (ledger) {
      const auto done = (*ledger)->record(std::vector{outcome("new", 1, DeliveryState::indexed)});
      if (!done) {
        EXPECT_EQ(done.error().code, ErrorCode::corrupt) << done.error().message;
      }
    }
  }
  EXPECT_GE(found, 8);
  directory.write("deliveries.sqlite",
                  "this is no database, and longer than a hundred bytes "
                  "................................................");
  const auto writer = Ledger::open(directory.path());
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().code, ErrorCode::corrupt);
  EXPECT_EQ(writer.error().message, "'" + path.string() + "' is damaged: file is not a database");
}

TEST(Ledger, RecordsAllOrNothingWhenTheDiskIsFull) {
  const TempDirectory directory;
  const auto ledger = opened(directory);
  record(*ledger, {outcome("a", 1, DeliveryState::indexed)});
  const auto many = numbered(20'000);
  {
    const test::FullDisk full(200'000);
    const auto done = ledger->record(many);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::io) << done.error().message;
  }
  EXPECT_EQ(find(directory).totals.deliveries, 1U);
  record(*ledger, many);
  EXPECT_EQ(find(directory).totals.deliveries, 20'001U);
  expect_sound(directory);
}

TEST(Ledger, TheCheckComparesSumsAndOriginsWithRows) {
  const struct {
    const char* damage;
    const char* fault;
  } kCases[] = {
      {"UPDATE sums SET read=7 WHERE state=2",
       "the sums of deliveries of state skipped are not those of the rows"},
      {"UPDATE origins SET uses=2", "the origins are not those of the rows"},
      {"DELETE FROM origins", "the origins are not those of the rows"},
      {"INSERT INTO origins VALUES(9,0,1,'','','')", "the origins are not those of the rows"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.damage);
    const TempDirectory directory;
    record(*opened(directory), {outcome("a", 1, DeliveryState::skipped)});
    ASSERT_TRUE(in_ledger(directory).run(c.damage));
    const auto faults = check_ledger(directory.path());
    ASSERT_TRUE(faults);
    EXPECT_EQ(*faults, std::vector{"deliveries.sqlite: "s + c.fault});
  }
}

}  // namespace
}  // namespace trailsift::indexer::testing
