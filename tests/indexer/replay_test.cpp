#include "indexer/replay.h"

#include <algorithm>
#include <csignal>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
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

/// A store on disk, in a process that ends itself at one of its commits.
class KilledWriter final : public store::Writer {
 public:
  KilledWriter(store::Writer& store, std::size_t at, bool before)
      : store_(store), at_(at), before_(before) {}

  Result<store::CommitResult> commit(store::EventBatch&& batch) override {
    const bool last = commits_++ == at_;
    if (last && before_) std::raise(SIGKILL);
    auto done = store_.commit(std::move(batch));
    if (last) std::raise(SIGKILL);
    return done;
  }
  Result<std::uint64_t> remove(std::span<const std::string> ids) override {
    return store_.remove(ids);
  }
  Result<void> permit(std::span<const std::string> ids) override { return store_.permit(ids); }
  Result<void> merge_all() override { return store_.merge_all(); }
  std::shared_ptr<const store::Snapshot> snapshot() const override { return store_.snapshot(); }

 private:
  store::Writer& store_;
  const std::size_t at_;
  const bool before_;
  std::size_t commits_ = 0;
};

TEST(Replay, LosesNothingToKillsAndTakesNothingTwice) {
  constexpr std::size_t kEntries = 24;
  const Stage stage;
  const auto& data = stage.directory.path();
  for (std::size_t i = 0; i < kEntries; ++i) {
    const std::string number = std::to_string(i);
    stage.list("s" + number, record("a" + number) + "\n" + record("b" + number));
  }
  std::vector<std::string> ids;
  for (const ListedEntry& one : stage.listed()) ids.push_back(one.id);
  ReplayOptions options;
  options.batch_events = 4;
  for (const bool before : {true, false, false, true, false}) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto store = store::Writer::open(data);
      const auto ledger = Ledger::open(data);
      if (!store || !ledger) ::_exit(1);
      options.ledger = ledger->get();
      KilledWriter writer(**store, 1, before);
      ::_exit(replay_quarantined(data, ids, writer, options) ? 2 : 3);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
    EXPECT_EQ(store::check(data).value(), std::vector<std::string>{});
    EXPECT_TRUE(check_quarantine(data)->empty());
    const auto store = store::Writer::open(data);
    ASSERT_TRUE(store);
    const auto snapshot = (*store)->snapshot();
    const auto is_here = [&](const std::string& id) {
      return std::ranges::any_of(snapshot->segments,
                                 [&](const auto& one) { return one->contains(id).value(); });
    };
    std::size_t both = 0;
    for (std::size_t i = 0; i < kEntries; ++i) {
      const std::string number = std::to_string(i);
      const bool indexed = is_here("a" + number) && is_here("b" + number);
      const bool listed = (" " + stage.sources()).find(" s" + number + " ") != std::string::npos;
      EXPECT_TRUE(indexed || listed) << i;
      both += indexed && listed ? 1 : 0;
    }
    // They leave the list behind their commit.
    EXPECT_GE(both, before ? 0U : 2U);
    EXPECT_LE(both, 4U);
  }
  const std::size_t left = stage.listed().size();
  EXPECT_GT(left, 0U);
  EXPECT_LT(left, kEntries);
  const auto store = store::Writer::open(data);
  ASSERT_TRUE(store);
  const auto account = replay_quarantined(data, ids, **store, options);
  ASSERT_TRUE(account) << account.error().message;
  EXPECT_EQ(account->replayed, left);
  EXPECT_GT(account->duplicates, 0U);
  EXPECT_EQ(stage.listed().size(), 0U);
  EXPECT_EQ((*store)->snapshot()->events(), 2 * kEntries);
  EXPECT_EQ(store::check(data).value(), std::vector<std::string>{});
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
