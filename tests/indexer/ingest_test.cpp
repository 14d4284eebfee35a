#include "indexer/ingest.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/ingest_stage.h"

namespace trailsift::indexer::testing {
namespace {

TEST(Ingest, AccountsForEverything) {
  for (const std::size_t workers : {1UL, 2UL, 8UL}) {
    SCOPED_TRACE(workers);
    Stage stage;
    stage.options.workers = workers;
    stage.source.add("good.json.gz", gzip(envelope({record("a"), record("b"), record("c")})));
    stage.source.add("again.json", record("b") + "\n" + record("a"));
    stage.source.add("none.json", envelope({}));
    stage.source.add_unopenable("locked.json.gz");
    stage.source.add("digest.json", R"({"digestStartTime":"2024-05-01T10:00:00Z"})");
    stage.source.add("config.json", R"({"configSnapshotId":"x"})");
    stage.source.add("readme.txt", "hello");
    stage.source.add("empty", "");
    stage.source.add_error("cannot list 'bucket'");
    stage.source.add("bad.json", envelope({record("d"), "{\"eventID\":?}", record("e")}));
    stage.source.add("cut.json.gz", gzip(envelope(records("f", 50))).substr(0, 150));
    const auto account = stage.run();
    ASSERT_TRUE(account);
    EXPECT_EQ(stage.quarantine.entries.size(), account->rejected);
    EXPECT_EQ(account->files, 5U);
    EXPECT_EQ(account->skipped, 4U);
    EXPECT_EQ(account->skipped_by_kind, (std::array<std::uint64_t, kFileKinds>{0, 1, 1, 0, 1, 1}));
    EXPECT_EQ(account->duplicates, 2U);
    EXPECT_EQ(account->rejected, 4U);
    words(*account);
    std::vector<std::string> reasons;
    for (const std::string& line : stage.quarantine.lines()) {
      reasons.push_back(line.substr(0, line.find('@')));
    }
    EXPECT_EQ(reasons, (std::vector<std::string>{" unreadable", "bad.json invalid_json",
                                                 "cut.json.gz gzip_truncated",
                                                 "locked.json.gz unreadable"}));
  }
}

/// Excludes the events of some names, by two questions of which the first alone is not enough.
std::shared_ptr<const ExcludeFilter> without(const std::set<std::string, std::less<>>& names) {
  static const FieldIndex kName = field_index("event_name");
  static const FieldIndex kLogFile = field_index("log_file");
  ExcludeFilter filter;
  EventParts name;
  name.add(kName);
  filter.questions.push_back(
      {name, [](const Event& event) {
         const auto is_name = [](const Leaf& leaf) { return leaf.path == "eventName"; };
         return std::ranges::all_of(event.leaves, is_name) && value_of(event, kName).has_value();
       }});
  EventParts both = name;
  both.add(kLogFile);
  filter.questions.push_back({both, [names](const Event& event) {
                                return names.contains(*value_of(event, kName)) &&
                                       value_of(event, kLogFile) != "kept.json";
                              }});
  return std::make_shared<const ExcludeFilter>(std::move(filter));
}

/// The reader of sound files and the other one leave out the same.
TEST(Ingest, FiltersWhateverReadsTheFile) {
  const auto named = [](const std::string& id, const std::string& name) {
    return record(id, ",\"eventName\":\"" + name + "\"");
  };
  const std::vector<std::string> all = {named("a", "Get"), named("b", "List"), record("c"),
                                        named("d", "Get"), named("e", "Put")};
  const struct {
    std::string name, text, want;
  } kCases[] = {
      {"sound.json", envelope(all),
       "files 1, skipped 0, read 5, indexed 2, duplicates 0, filtered 3, rejected 0"},
      {"lines.json", all[0] + "\n" + all[1] + all[2] + "\n{\"eventID\":?}\n" + all[3] + all[4],
       "files 1, skipped 0, read 6, indexed 2, duplicates 0, filtered 3, rejected 1"},
      {"late.json", envelope({all[0], all[1], "{}", all[2], all[3], all[4]}),
       "files 1, skipped 0, read 6, indexed 2, duplicates 0, filtered 3, rejected 1"},
      {"kept.json", envelope(all),
       "files 1, skipped 0, read 5, indexed 5, duplicates 0, filtered 0, rejected 0"},
      {"all.json", envelope({all[0], all[1]}),
       "files 1, skipped 0, read 2, indexed 0, duplicates 0, filtered 2, rejected 0"},
  };
  for (const auto& c : kCases) {
    for (const std::size_t batch : {1UL, 1000UL}) {
      Stage stage;
      stage.options.batch_events = batch;
      stage.options.exclude = without({"Get", "List"});
      stage.source.add(c.name, c.text);
      const auto account = stage.run();
      ASSERT_TRUE(account);
      EXPECT_EQ(words(*account), c.want) << c.name;
      EXPECT_EQ(stage.writer.ids.size(), account->indexed);
      EXPECT_EQ(stage.writer.ids.contains("a"), c.name == "kept.json") << c.name;
    }
  }
}

TEST(Ingest, CountsBytesOfLogsAsDelivered) {
  Stage stage;
  const std::string log = gzip(envelope(records("a", 1000)));
  const std::string other = "no log";
  stage.source.add("log", log);
  stage.source.add("other", other);
  std::uint64_t taken = 0;
  stage.options.progress = [&](const IngestProgress& progress) { taken = progress.bytes_taken; };
  const auto account = stage.run();
  ASSERT_TRUE(account);
  EXPECT_EQ(account->bytes, log.size());
  EXPECT_EQ(taken, log.size() + other.size());
}

TEST(Ingest, EveryEventKnowsItsFile) {
  Stage stage;
  stage.writer.keep_events = true;
  stage.source.add("AWSLogs/1.json.gz", envelope({record("a")}));
  stage.source.add("AWSLogs/2.json.gz", envelope({record("b")}));
  ASSERT_TRUE(stage.run());
  ASSERT_EQ(stage.writer.events.size(), 2U);
  for (const Event& event : stage.writer.events) {
    EXPECT_EQ(value_of(event, log_file_field()),
              event.id == "a" ? "AWSLogs/1.json.gz" : "AWSLogs/2.json.gz");
  }
}

TEST(Ingest, CommitsInBatches) {
  Stage by_events;
  by_events.options.batch_events = 1000;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}) {
    by_events.source.add(name, envelope(records(name, 500)));
  }
  EXPECT_EQ(by_events.account(),
            "files 10, skipped 0, read 5000, indexed 5000, duplicates 0, "
            "filtered 0, rejected 0");
  EXPECT_GE(by_events.writer.batches.size(), 4U);
  // A file that is read at once stays together.
  for (const std::size_t size : by_events.writer.batches) EXPECT_LT(size, 1000U + 500U);

  Stage by_bytes;
  by_bytes.options.workers = 1;
  by_bytes.options.memory_bytes = 2'000'000;
  for (const char* name : {"a", "b", "c", "d"}) {
    by_bytes.source.add(name, envelope(records(name, 5000)));
  }
  ASSERT_TRUE(by_bytes.run());
  EXPECT_GE(by_bytes.writer.batches.size(), 2U);
}

/// Every batch is full at once, also where a rejection comes between a record and its place.
TEST(Ingest, TinyBatchesLoseNothing) {
  Stage stage;
  stage.options.memory_bytes = 1;
  stage.source.add("a", "garbage\n" + record("a") + "\n" + record("b") + "\n{\"eventID\":\"c\"}\n" +
                            record("d"));
  stage.source.add("b", envelope({record("e"), record("f")}));
  EXPECT_EQ(stage.account(),
            "files 2, skipped 0, read 7, indexed 5, duplicates 0, filtered 0, rejected 2");
  EXPECT_EQ(stage.writer.ids, (std::set<std::string>{"a", "b", "d", "e", "f"}));
}

/// Milliseconds after the first delivery of the batch.
TEST(CommitEarly, WaitsLongerWhereCommitsTakeLong) {
  using std::chrono::milliseconds;
  struct Case {
    int now, took, due;
  };
  const CommitEarly early{.after_quiet = milliseconds(20), .after_first = milliseconds(1000)};
  for (const Case& c : std::vector<Case>{
           {0, 0, 20},              // The first commit, or one that took nothing.
           {5, 7, 25},              // Shorter than the quiet.
           {0, 300, 300},           // As long as the commit.
           {0, 60'000, 1000},       // But no longer than a batch may always wait.
           {990, 0, 1000},          // Something comes all the time.
           {990, 250, 1000},        //
           {1190, 300, 1200},       // Four times as long as the commit,
           {9990, 60'000, 10'000},  // but not for ever.
       }) {
    const CommitEarly::Clock::time_point first{milliseconds(5000)};
    EXPECT_EQ(early.due(first, first + milliseconds(c.now), milliseconds(c.took)) - first,
              milliseconds(c.due))
        << c.now << " ms, a commit of " << c.took << " ms";
  }
}

TEST(Ingest, NothingToReadCommitsNothing) {
  Stage stage;
  EXPECT_EQ(stage.account(),
            "files 0, skipped 0, read 0, indexed 0, duplicates 0, filtered 0, rejected 0");
  EXPECT_TRUE(stage.writer.batches.empty());
}

TEST(Ingest, AnErrorOfTheStoreEndsTheRun) {
  Stage stage;
  stage.options.batch_events = 100;
  stage.writer.fail_at = 1;
  add_generated(stage.source, "endless", SIZE_MAX);
  for (int i = 0; i < 200; ++i) stage.source.add("f" + std::to_string(i), record("x"));
  EXPECT_EQ(stage.account(), "error: no space left on device");
  EXPECT_EQ(stage.writer.batches.size(), 1U);
}

TEST(Ingest, AnErrorOfTheQuarantineEndsTheRun) {
  Stage stage;
  stage.quarantine.disk_full = true;
  stage.source.add("bad", "{\"eventID\":?}");
  add_generated(stage.source, "endless", SIZE_MAX);
  EXPECT_EQ(stage.account(), "error: no space left on device");
}

TEST(Ingest, ExceptionsOfABlobEndTheRunNotTheProgram) {
  Stage stage;
  stage.source.add(std::make_unique<StagedBlob>(
      "huge", []() -> Result<std::unique_ptr<ByteStream>> { throw std::bad_alloc(); }));
  add_generated(stage.source, "endless", SIZE_MAX);
  EXPECT_EQ(stage.account(), "error: cannot go on: std::bad_alloc");
}

TEST(Ingest, StopsInMidRun) {
  Stage stage;
  stage.options.batch_events = 1000;
  stage.writer.on_commit = [&] { stage.stop.request_stop(); };
  for (int i = 0; i < 50; ++i) {
    stage.source.add("small" + std::to_string(i), envelope(records(std::to_string(i) + "-", 30)));
  }
  add_generated(stage.source, "endless", SIZE_MAX);
  const std::string account = stage.account();
  EXPECT_NE(account.find(", rejected 0"), std::string::npos) << account;
  EXPECT_GE(stage.writer.ids.size(), 1000U);
}

TEST(Ingest, StopsBeforeItBegins) {
  Stage stage;
  stage.stop.request_stop();
  stage.source.add("a", record("a"));
  EXPECT_EQ(stage.account(),
            "files 0, skipped 0, read 0, indexed 0, duplicates 0, filtered 0, rejected 0");
}

TEST(Ingest, AStoppedRunCanBeRunAgain) {
  Stage first;
  first.options.batch_events = 500;
  first.writer.on_commit = [&] { first.stop.request_stop(); };
  Stage second;
  for (int i = 0; i < 100; ++i) {
    const std::string text = envelope(records(std::to_string(i) + "-", 20));
    first.source.add(std::to_string(i), text);
    second.source.add(std::to_string(i), text);
  }
  ASSERT_TRUE(first.run());
  const std::size_t before = first.writer.ids.size();
  second.writer.ids = std::move(first.writer.ids);
  const auto account = second.run();
  ASSERT_TRUE(account);
  EXPECT_EQ(account->read, 2000U);
  EXPECT_EQ(account->duplicates, before);
  EXPECT_EQ(second.writer.ids.size(), 2000U);
}

TEST(Ingest, ReportsProgressAndAtTheEndTheAccount) {
  Stage stage;
  stage.source.add("a", envelope(records("a", 10)));
  std::vector<IngestProgress> reports;
  stage.options.progress = [&](const IngestProgress& progress) { reports.push_back(progress); };
  const auto account = stage.run();
  ASSERT_TRUE(account);
  ASSERT_FALSE(reports.empty());
  EXPECT_EQ(words(reports.back().account), words(*account));
  EXPECT_GT(reports.back().elapsed.count(), 0);
}

// Fact 2: a fifth of the delivered records come twice, always in different files.
TEST(RecordFacts, SecondDeliveriesAreDuplicates) {
  Stage stage;
  stage.source.add("1", gzip(envelope({record("a"), record("b")})));
  stage.source.add("2", gzip(envelope({record("c"), record("a")})));
  EXPECT_EQ(stage.account(),
            "files 2, skipped 0, read 4, indexed 3, duplicates 1, filtered 0, "
            "rejected 0");
}

// Fact 3: records are not in time order, and the region of the path can be another than theirs.
TEST(RecordFacts, OrderAndPathDoNotMatter) {
  Stage stage;
  stage.writer.keep_events = true;
  const auto at = [](const char* id, const char* time) {
    return std::string(R"({"eventID":")") + id + R"(","awsRegion":"eu-west-1","eventTime":")" +
           time + "\"}";
  };
  stage.source.add(
      "AWSLogs/us-east-1/x.json.gz",
      gzip(envelope({at("late", "2024-05-01T10:07:00Z"), at("early", "2024-05-01T09:58:00Z"),
                     at("middle", "2024-05-01T10:00:00Z")})));
  ASSERT_TRUE(stage.run());
  ASSERT_EQ(stage.writer.events.size(), 3U);
  EXPECT_EQ(stage.writer.events[1].time, *parse_time("2024-05-01T09:58:00Z"));
  EXPECT_EQ(value_of(stage.writer.events[0], field_index("aws_region")), "eu-west-1");
}

// Fact 5: a record of 66 kB among small ones, with 1,269 leaves.
TEST(RecordFacts, LargeRecordsAmongSmallOnes) {
  std::string policies;
  for (int i = 0; policies.size() < 65'000; ++i) {
    policies += (i == 0 ? R"(,"responseElements":{"p)" : R"(,"p)") + std::to_string(i) +
                R"(":"arn:aws:iam::111122223333:policy/a")";
  }
  const std::string large = record("large", policies + "}");
  ASSERT_GT(large.size(), 65'000U);
  for (const std::string& text : {envelope({record("a"), large, record("b")}),
                                  record("a") + "\n" + large + "\n" + record("b")}) {
    Stage stage;
    stage.writer.keep_events = true;
    stage.source.add("f", gzip(text));
    ASSERT_TRUE(stage.run());
    ASSERT_EQ(stage.writer.events.size(), 3U);
    EXPECT_EQ(stage.writer.events[1].json, large);
    EXPECT_GT(stage.writer.events[1].leaves.size(), 1269U);
    EXPECT_EQ(read_all_ways(text).summary, "a large b");
  }
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryIsMeaningful = false;
#else
constexpr bool kMemoryIsMeaningful = true;
#endif

/// Peak of resident memory since the last reset, in kB.
std::size_t peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::size_t size = 0;
    if (word == "VmHWM:" && status >> size) return size;
  }
  return 0;
}

bool reset_peak_memory() {
  std::ofstream clear("/proc/self/clear_refs");
  clear << "5" << std::flush;
  return clear.good();
}

TEST(Ingest, ALargeFileTakesNoMoreMemoryThanASmallOne) {
  Stage stage;
  stage.options.workers = 1;
  stage.options.batch_events = 1000;
  add_generated(stage.source, "large.ndjson", 60'000'000);
  if (!kMemoryIsMeaningful || !reset_peak_memory()) GTEST_SKIP() << "cannot measure memory here";
  const std::size_t before = peak_memory();
  const auto account = stage.run();
  ASSERT_TRUE(account);
  EXPECT_GT(account->indexed, 100'000U);
  // The ids that the staged writer keeps are most of it.
  EXPECT_LT(peak_memory() - before, 80'000U);
}

}  // namespace
}  // namespace trailsift::indexer::testing
