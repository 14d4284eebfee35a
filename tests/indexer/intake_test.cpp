#include "indexer/intake.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <semaphore>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/indexer/staged_run.h"

namespace trailsift::indexer::testing {
namespace {

/// Keeps the outcomes of messages by their names.
class Outcomes {
 public:
  Intake::Done of(const std::string& name) {
    return [this, name](const MessageOutcome& outcome) {
      const std::lock_guard lock(mutex_);
      EXPECT_TRUE(told_.emplace(name, outcome).second) << name << " was told twice";
      changed_.notify_all();
    };
  }
  MessageOutcome await(const std::string& name) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return told_.contains(name); });
    return told_.at(name);
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return told_.size();
  }

 private:
  std::mutex mutex_;  // Guards everything below.
  std::condition_variable changed_;
  std::map<std::string, MessageOutcome> told_;
};

struct Stage {
  StagedWriter writer;
  StagedQuarantine quarantine;
  IntakeOptions options;
  Outcomes outcomes;
  std::unique_ptr<Intake> intake;

  Stage() {
    options.ingest.workers = 2;
    options.first_pause = std::chrono::milliseconds(1);
  }

  void start() { intake = Intake::start(writer, quarantine, nullptr, options); }

  Result<void> submit(const std::string& name, std::string body, std::uint32_t attempt = 1,
                      IncomingMessage::Body kind = IncomingMessage::Body::message) {
    IncomingMessage message;
    message.source = "test";
    message.name = name;
    message.body = std::move(body);
    message.attempt = attempt;
    message.kind = kind;
    return intake->submit(std::move(message), outcomes.of(name));
  }

  /// The outcome in words.
  std::string outcome(const std::string& name, std::string body, std::uint32_t attempt = 1,
                      IncomingMessage::Body kind = IncomingMessage::Body::message) {
    if (auto taken = submit(name, std::move(body), attempt, kind); !taken) {
      return "not taken: " + taken.error().message;
    }
    const MessageOutcome told = outcomes.await(name);
    if (told.error)
      return std::string(trailsift::name(told.error->code)) + ": " + told.error->message;
    const DeliveryCounts& counts = told.counts;
    EXPECT_EQ(counts.read, counts.indexed + counts.duplicates + counts.filtered + counts.rejected);
    std::string text = "indexed " + std::to_string(counts.indexed);
    if (counts.duplicates > 0) text += ", duplicates " + std::to_string(counts.duplicates);
    if (counts.rejected > 0) text += ", rejected " + std::to_string(counts.rejected);
    for (std::size_t i = 0; i < kNotices; ++i) {
      if (told.notices.at(i) > 0) text += ", " + std::string(name_of(i));
    }
    return text;
  }

  static std::string_view name_of(std::size_t notice) {
    return indexer::name(static_cast<Notice>(notice));
  }
};

constexpr auto kFile = IncomingMessage::Body::file;

TEST(Intake, TellsWhatBecameOfAMessage) {
  Stage stage;
  stage.start();
  EXPECT_EQ(stage.outcome("a", envelope({record("1"), record("2")})), "indexed 2");
  EXPECT_EQ(stage.outcome("b", envelope({record("2"), record("3")})), "indexed 1, duplicates 1");
  EXPECT_EQ(stage.outcome("c", gzip(record("4") + "\n" + record("5")), 1, kFile), "indexed 2");
  EXPECT_EQ(stage.outcome("d", record("6") + "\n{broken\n" + record("7"), 1, kFile),
            "indexed 2, rejected 1");
  EXPECT_EQ(stage.outcome("e", "CloudTrail validation message."), "indexed 0, validation_message");
  EXPECT_EQ(stage.quarantine.lines(),
            std::vector<std::string>{"d invalid_json@" + std::to_string(record("6").size() + 1)});
  const IntakeFigures figures = stage.intake->figures();
  EXPECT_EQ(figures.received, 5U);
  EXPECT_EQ(figures.done, 5U);
  EXPECT_EQ(figures.in_hand, 0U);
  EXPECT_TRUE(figures.delivery_lag);
  EXPECT_TRUE(figures.event_lag);
  EXPECT_EQ(stage.writer.ids, (std::set<std::string>{"1", "2", "3", "4", "5", "6", "7"}));
}

TEST(Intake, ListsPartsThatAreNotUnderstood) {
  Stage stage;
  stage.start();
  const std::string lines = R"({"awslogs":{"data":"!"}})"
                            "\n" +
                            envelope({record("1")});
  EXPECT_EQ(stage.outcome("a", lines), "indexed 1, rejected 1");
  ASSERT_EQ(stage.quarantine.entries.size(), 1U);
  EXPECT_EQ(stage.quarantine.entries[0].reason, Reject::bad_message);
}

TEST(Intake, KeepsPoisonAtItsLastAttempt) {
  Stage stage;
  stage.start();
  const std::string object = R"({"s3Bucket":"logs","s3ObjectKey":"AWSLogs/x.json.gz"})";
  EXPECT_EQ(stage.outcome("a", object, 4),
            "bad_request: no objects are fetched here, got 's3://logs/AWSLogs/x.json.gz'");
  EXPECT_TRUE(stage.quarantine.entries.empty());
  EXPECT_EQ(stage.outcome("b", object, 5), "indexed 0, rejected 1");
  ASSERT_EQ(stage.quarantine.entries.size(), 1U);
  const QuarantineEntry& entry = stage.quarantine.entries[0];
  EXPECT_EQ(entry.source, "b");
  EXPECT_EQ(entry.bytes, object);
  EXPECT_EQ(entry.kind, QuarantinedAs::message);
  EXPECT_EQ(entry.reason, Reject::bad_message);
  EXPECT_EQ(stage.quarantine.unflushed, 0U);
}

TEST(Intake, KeepsPoisonInTheQueueWhereTheListCannotBeWritten) {
  Stage stage;
  stage.quarantine.disk_full = true;
  stage.start();
  EXPECT_EQ(stage.outcome("a", "[1,2]", 9).substr(0, 11), "bad_request");
}

TEST(Intake, KeepsNothingOfWhatACheckRefuses) {
  Stage stage;
  stage.options.quarantine_at_attempt = 1;
  stage.start();
  const auto outcome = [&](const std::string& name, const std::string& body) {
    IncomingMessage message;
    message.name = name;
    message.body = body;
    message.check = [](const Envelope&) -> Result<void> {
      return fail(ErrorCode::bad_request, "who are you?");
    };
    EXPECT_TRUE(stage.intake->submit(std::move(message), stage.outcomes.of(name)));
    return stage.outcomes.await(name).error->message;
  };
  EXPECT_EQ(outcome("a", envelope({record("1")})), "who are you?");
  EXPECT_NE(outcome("b", "nonsense"), "");
  EXPECT_TRUE(stage.writer.ids.empty());
  EXPECT_TRUE(stage.quarantine.entries.empty());
}

/// While the first commit is held up, the messages that come share the next.
TEST(Intake, SharesCommits) {
  Stage stage;
  stage.options.ingest.workers = 1;
  std::binary_semaphore committing(0);
  std::binary_semaphore go_on(0);
  stage.writer.on_commit = [&, first = true]() mutable {
    if (!std::exchange(first, false)) return;
    committing.release();
    go_on.acquire();
  };
  stage.start();
  ASSERT_TRUE(stage.submit("first", record("first")));
  committing.acquire();
  constexpr int kMore = 50;
  for (int i = 0; i < kMore; ++i) {
    const std::string id = std::to_string(i);
    ASSERT_TRUE(stage.submit(id, record(id)));
  }
  EXPECT_EQ(stage.outcomes.count(), 0U) << "told before the commit";
  go_on.release();
  for (int i = 0; i < kMore; ++i) EXPECT_FALSE(stage.outcomes.await(std::to_string(i)).error);
  EXPECT_EQ(stage.writer.ids.size(), kMore + 1U);
  EXPECT_LE(stage.writer.batches.size(), 10U);
}

TEST(Intake, RefusesWhatItHasNoRoomFor) {
  Stage stage;
  stage.options.max_messages = 2;
  std::counting_semaphore<> go_on(0);
  stage.writer.on_commit = [&] { go_on.acquire(); };
  stage.start();
  ASSERT_TRUE(stage.submit("a", record("a")));
  ASSERT_TRUE(stage.submit("b", record("b")));
  const auto refused = stage.submit("c", record("c"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
  EXPECT_EQ(stage.intake->figures().refused, 1U);
  go_on.release(10);
  EXPECT_TRUE(stage.intake->wait_for_room(2, {}));
  EXPECT_EQ(stage.outcome("c", record("c")), "indexed 1");
}

TEST(Intake, RefusesBodiesBeyondItsMemory) {
  Stage stage;
  stage.options.max_bytes = 2000;
  std::counting_semaphore<> go_on(0);
  stage.writer.on_commit = [&] { go_on.acquire(); };
  stage.start();
  // What is larger than all memory is taken alone.
  ASSERT_TRUE(stage.submit("a", record("a") + std::string(2000, ' ')));
  EXPECT_FALSE(stage.submit("b", record("b")));
  go_on.release(10);
  EXPECT_TRUE(stage.intake->wait_for_room(2, {}));
  EXPECT_EQ(stage.outcome("b", record("b")), "indexed 1");
}

/// The senders keep what was not indexed, and the store is tried again.
TEST(Intake, OutlivesAFailureOfTheStore) {
  Stage stage;
  stage.writer.fail_every = 2;  // The first, the third, …
  stage.start();
  const std::string failed = stage.outcome("a", record("a"));
  EXPECT_EQ(failed.substr(0, 12), "unavailable:");
  EXPECT_TRUE(stage.intake->figures().last_error);
  std::string again;
  for (int i = 0; again != "indexed 1"; ++i) {
    ASSERT_TRUE(stage.intake->wait_for_room(1, {}));
    again = stage.outcome(std::to_string(i), record("a"));
    ASSERT_TRUE(again == "indexed 1" || again.starts_with("unavailable") ||
                again.starts_with("not taken"))
        << again;
  }
}

TEST(Intake, BringsToItsEndWhatIsInHandWhenItStops) {
  Stage stage;
  std::binary_semaphore committing(0);
  std::counting_semaphore<> go_on(0);
  stage.writer.on_commit = [&] {
    committing.release();
    go_on.acquire();
  };
  stage.start();
  ASSERT_TRUE(stage.submit("a", record("a")));
  committing.acquire();
  std::jthread stopping([&] { stage.intake->stop(std::chrono::minutes(1)); });
  int late = 0;
  while (stage.submit("late" + std::to_string(late), record("late"))) ++late;
  constexpr int kCommits = 10;
  go_on.release(late + kCommits);
  stopping.join();
  EXPECT_FALSE(stage.outcomes.await("a").error);
  EXPECT_EQ(stage.outcomes.count(), static_cast<std::size_t>(late) + 1);
}

TEST(Intake, FailsWhatIsInHandWhenItMayNotWait) {
  Stage stage;
  stage.options.fetchers = 1;
  stage.start();
  std::binary_semaphore checking(0);
  std::binary_semaphore go_on(0);
  IncomingMessage message;
  message.body = record("a");
  message.check = [&](const Envelope&) {
    checking.release();
    go_on.acquire();
    return Result<void>();
  };
  ASSERT_TRUE(stage.intake->submit(std::move(message), stage.outcomes.of("a")));
  ASSERT_TRUE(stage.submit("b", record("b")));
  checking.acquire();
  std::jthread stopping([&] { stage.intake->stop({}); });
  while (stage.intake->wait_for_room(1, {})) continue;
  go_on.release();
  stopping.join();
  EXPECT_EQ(stage.outcomes.count(), 2U);
}

/// Many senders, messages that overlap, a store that fails now and then: what was told to be done
/// is in the store.
TEST(Intake, LosesNothing) {
  Stage stage;
  stage.options.max_messages = 20;
  stage.writer.fail_every = 5;
  stage.start();
  constexpr int kSenders = 4;
  constexpr int kMessages = 100;
  std::vector<std::jthread> senders;
  senders.reserve(kSenders);
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&, sender] {
      for (int i = 0; i < kMessages; ++i) {
        const std::string shared = std::to_string(i);
        const std::string own = std::to_string(sender) + "-" + shared;
        for (int attempt = 1;; ++attempt) {
          const std::string name = own + "#" + std::to_string(attempt);
          if (!stage.submit(name, envelope({record(own), record(shared)}))) {
            stage.intake->wait_for_room(1, {});
            continue;
          }
          if (!stage.outcomes.await(name).error) break;
        }
      }
    });
  }
  senders.clear();
  EXPECT_EQ(stage.writer.ids.size(), kSenders * kMessages + kMessages);
  const IntakeFigures figures = stage.intake->figures();
  EXPECT_EQ(figures.done, static_cast<std::uint64_t>(kSenders * kMessages));
  EXPECT_EQ(figures.received, figures.done + figures.failed);
  EXPECT_GT(figures.failed, 0U);
}

}  // namespace
}  // namespace trailsift::indexer::testing
