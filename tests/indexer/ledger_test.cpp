#include "indexer/ledger.h"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "indexer/sqlite.h"
#include "tests/indexer/staged_run.h"

namespace trailsift::indexer::testing {
namespace {

using namespace std::string_literals;
using std::chrono::milliseconds;

constexpr std::int64_t kNow = 1'700'000'000'000;

Timestamp at(std::int64_t ms) {
  return Timestamp(milliseconds(kNow + ms));
}

/// An attempt that ended a second after it began.
DeliveryOutcome outcome(const std::string& object, std::int64_t ms, DeliveryState state,
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
std::vector<DeliveryOutcome> numbered(std::size_t count, DeliveryCounts counts = {}) {
  std::vector<DeliveryOutcome> made;
  made.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    made.push_back(
        outcome(std::to_string(i), static_cast<std::int64_t>(i), DeliveryState::indexed, counts));
  }
  return made;
}

std::unique_ptr<Ledger> opened(const TempDirectory& directory, LedgerOptions options = {}) {
  if (!options.now) options.now = [] { return at(0); };
  auto ledger = Ledger::open(directory.path(), std::move(options));
  EXPECT_TRUE(ledger) << ledger.error().message;
  return std::move(*ledger);
}

void record(Ledger& ledger, const std::vector<DeliveryOutcome>& outcomes) {
  const auto done = ledger.record(outcomes);
  ASSERT_TRUE(done) << done.error().message;
}

DeliveryPage find(const TempDirectory& directory, const DeliveryQuery& query = {}) {
  auto page = find_deliveries(directory.path(), query);
  EXPECT_TRUE(page) << page.error().message;
  return page ? *page : DeliveryPage();
}

std::string words(const DeliverySums& sums) {
  const DeliveryCounts& counts = sums.counts;
  return std::to_string(sums.deliveries) + " rows, " + std::to_string(sums.attempts) +
         " attempts: " + std::to_string(counts.read) + " = " + std::to_string(counts.indexed) +
         " + " + std::to_string(counts.duplicates) + " + " + std::to_string(counts.filtered) +
         " + " + std::to_string(counts.rejected) + ", " + std::to_string(counts.bytes) + " bytes";
}

std::string words(const Delivery& row) {
  return row.object + " " + std::string(name(row.state)) + " " +
         words(DeliverySums{1, row.attempts, row.counts}) +
         (row.error.empty() ? "" : " (" + row.error + ")");
}

/// All objects, page by page.
std::vector<std::string> objects(const TempDirectory& directory, DeliveryQuery query) {
  std::vector<std::string> found;
  do {
    const DeliveryPage page = find(directory, query);
    for (const Delivery& row : page.deliveries) found.push_back(row.object);
    query.cursor = page.cursor;
  } while (!query.cursor.empty());
  return found;
}

Sqlite in_ledger(const TempDirectory& directory) {
  auto database =
      Sqlite::open(directory.path() / "deliveries.sqlite", {2, ""}, Sqlite::Sync::on_checkpoint);
  EXPECT_TRUE(database) << database.error().message;
  return std::move(*database);
}

void expect_sound(const TempDirectory& directory) {
  const auto faults = check_ledger(directory.path());
  ASSERT_TRUE(faults) << faults.error().message;
  EXPECT_EQ(*faults, std::vector<std::string>());
}

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

/// Restores what a process may write when it goes.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

TEST(Ledger, RecordsAllOrNothingWhenTheDiskIsFull) {
  const TempDirectory directory;
  const auto ledger = opened(directory);
  record(*ledger, {outcome("a", 1, DeliveryState::indexed)});
  const auto many = numbered(20'000);
  {
    const FullDisk full(200'000);
    const auto done = ledger->record(many);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::io) << done.error().message;
  }
  EXPECT_EQ(find(directory).totals.deliveries, 1U);
  record(*ledger, many);
  EXPECT_EQ(find(directory).totals.deliveries, 20'001U);
  expect_sound(directory);
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
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
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
