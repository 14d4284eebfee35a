#include "indexer/replay.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/staged_run.h"

namespace trailsift::indexer::testing {
namespace {

/// A quarantine list, a ledger and a store in memory.
struct Stage {
  TempDirectory directory;
  StagedWriter writer;
  std::vector<std::string> kept;  ///< "source: why"

  void list(const std::string& source, const std::string& bytes,
            QuarantinedAs kind = QuarantinedAs::stretch) const {
    const auto quarantine = Quarantine::open(directory.path());
    ASSERT_TRUE(quarantine);
    ASSERT_EQ((*quarantine)
                  ->add({Timestamp(), source, 3, Reject::invalid_json, "was not known",
                         bytes.substr(0, kMaxExcerptBytes), kind, bytes, bytes.size()}),
              true);
    ASSERT_TRUE((*quarantine)->flush());
  }

  std::vector<ListedEntry> listed() const {
    std::vector<ListedEntry> found;
    EXPECT_TRUE(for_each_quarantined(directory.path(), [&](const ListedEntry& one) {
      found.push_back(one);
      return true;
    }));
    return found;
  }
  std::string sources() const {
    std::string text;
    for (const ListedEntry& one : listed()) text += one.source + " ";
    return text;
  }

  /// Replays the whole list.
  std::string replay(ReplayOptions options = {}) {
    std::vector<std::string> ids;
    for (const ListedEntry& one : listed()) ids.push_back(one.id);
    const auto ledger = Ledger::open(directory.path());
    EXPECT_TRUE(ledger);
    options.ledger = ledger->get();
    options.on_kept = [&](const ListedEntry& entry, std::string_view why) {
      kept.push_back(entry.source + ": " + std::string(why));
    };
    const auto account = replay_quarantined(directory.path(), ids, writer, options);
    if (!account) return "error: " + account.error().message;
    EXPECT_EQ(account->entries, account->replayed + account->kept);
    return std::to_string(account->entries) + " entries, " + std::to_string(account->replayed) +
           " replayed, " + std::to_string(account->indexed) + " indexed, " +
           std::to_string(account->duplicates) + " duplicates";
  }
};

TEST(Replay, TakesOffTheListWhatIsIndexedNow) {
  Stage stage;
  stage.writer.keep_events = true;
  stage.writer.ids = {"known"};
  stage.list("AWSLogs/record.json.gz", record("a"));
  stage.list("known", record("known"));
  stage.list("file", gzip(envelope({record("b"), record("c")})), QuarantinedAs::file);
  stage.list("lines", record("d") + "\n" + record("a"));
  stage.list("broken", R"({"eventID":?})");
  stage.list("digest", R"({"digestStartTime":"2024-05-01T10:00:00Z"})");
  stage.list("partly", record("e") + "\n{\"eventID\":?}\n");
  stage.list("none", "");
  EXPECT_EQ(stage.replay(), "8 entries, 4 replayed, 5 indexed, 2 duplicates");
  EXPECT_EQ(stage.sources(), "broken digest partly none ");
  ASSERT_EQ(stage.kept.size(), 4U);
  EXPECT_TRUE(stage.kept[0].starts_with("broken: invalid_json: ")) << stage.kept[0];
  EXPECT_EQ(stage.kept[1], "digest: there is no CloudTrail record in it");
  EXPECT_TRUE(stage.kept[2].starts_with("partly: invalid_json: ")) << stage.kept[2];
  EXPECT_EQ(stage.kept[3], "none: its bytes were not kept: index where it came from again");
  EXPECT_EQ(value_of(stage.writer.events[0], field_index("log_file")), "AWSLogs/record.json.gz");

  // The events that came of it are in the ledger, so that its sums are those of the store.
  DeliveryQuery query;
  query.source = "quarantine";
  const auto page = find_deliveries(stage.directory.path(), query);
  ASSERT_TRUE(page);
  EXPECT_EQ(page->totals.deliveries, 5U);
  EXPECT_EQ(page->totals.counts.indexed, 5U);
  EXPECT_EQ(page->totals.counts.duplicates, 2U);

  // Nothing changes when it is tried again.
  EXPECT_EQ(stage.replay(), "4 entries, 0 replayed, 0 indexed, 1 duplicates");
}

TEST(Replay, CommitsWhenABatchIsFull) {
  Stage stage;
  for (int i = 0; i < 7; ++i) stage.list("s" + std::to_string(i), record(std::to_string(i)));
  ReplayOptions options;
  options.batch_events = 3;
  EXPECT_EQ(stage.replay(options), "7 entries, 7 replayed, 7 indexed, 0 duplicates");
  EXPECT_EQ(stage.writer.batches, (std::vector<std::size_t>{3, 3, 1}));
  EXPECT_EQ(stage.sources(), "");
}

TEST(Replay, LosesNothingWhenTheStoreFails) {
  Stage stage;
  for (int i = 0; i < 7; ++i) stage.list("s" + std::to_string(i), record(std::to_string(i)));
  stage.writer.fail_at = 1;
  ReplayOptions options;
  options.batch_events = 3;
  EXPECT_EQ(stage.replay(options), "error: no space left on device");
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(stage.writer.ids.contains(std::to_string(i)) ||
                  stage.sources().find("s" + std::to_string(i)) != std::string::npos,
              true);
  }
  stage.writer.fail_at.reset();
  EXPECT_EQ(stage.replay(options), "5 entries, 5 replayed, 4 indexed, 1 duplicates");
  EXPECT_EQ(stage.writer.ids.size(), 7U);
}

}  // namespace
}  // namespace trailsift::indexer::testing
