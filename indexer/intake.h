#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "aws/s3.h"
#include "indexer/delivery.h"
#include "indexer/envelope.h"
#include "indexer/fetched_object.h"
#include "indexer/ingest.h"
#include "schema/error.h"
#include "schema/time.h"
#include "store/store.h"

namespace trailsift::indexer {

/// A message as it came out of a queue or over HTTP.
struct IncomingMessage {
  enum class Body : std::uint8_t {
    message,  ///< unwrap() tells what it says.
    file,     ///< The bytes of a delivered file.
  };
  std::string source;  ///< How it came, for the ledger: "sqs:QUEUE", "push:/sns/".
  /// What is called so in `log_file` and the ledger if the message holds records itself or is not
  /// understood. The same when the message is sent again.
  std::string name;
  std::string body;
  Body kind = Body::message;
  /// How often it came, this time included, as far as the sender tells.
  std::uint32_t attempt = 1;
  /// Asked once the message is unwrapped and before anything is done of what it says; may block.
  /// An Error refuses the message: it becomes that of the outcome, and nothing is kept. A message
  /// with a check that is not understood is not kept either, as nobody can say who sent it.
  std::function<Result<void>(const Envelope&)> check = {};
};

/// What became of a message.
struct MessageOutcome {
  /// Unset: all it says is done for good. Its events are durable, what could not be indexed is on
  /// the quarantine list. Set: nothing of it may be forgotten by its sender; what was done of it
  /// makes duplicates next time. `unavailable` where another attempt may succeed, `denied` where a
  /// permission is missing, else what is wrong with the message.
  std::optional<Error> error;
  DeliveryCounts counts;  ///< Of all its deliveries.
  std::array<std::uint64_t, kNotices> notices{};
};

struct IntakeOptions {
  std::size_t max_messages = 10'000;       ///< In hand at a time; more are refused.
  std::uint64_t max_bytes = 256ULL << 20;  ///< Of bodies and objects in memory at a time.
  std::size_t fetchers = 16;               ///< Threads that unwrap messages and fetch objects.
  /// Events are committed when nothing more is on its way, at the latest after this time, or later
  /// where commits take long (CommitEarly).
  std::chrono::milliseconds commit_within{1000};
  /// After a failure of the store nothing is taken for so long, twice as long after the next.
  std::chrono::milliseconds first_pause{1000};
  std::chrono::milliseconds longest_pause{30'000};
  /// The attempt at which a message goes to the quarantine list that cannot be understood, or whose
  /// object does not exist or cannot be read as a log. 0: never.
  std::uint32_t quarantine_at_attempt = 5;
  /// Whose objects may be fetched: these buckets, and below `AWSLogs/` these accounts. Empty: any.
  std::vector<std::string> buckets;
  std::vector<std::string> accounts;
  MessageLimits message_limits;
  FetchLimits fetch_limits;
  IngestOptions ingest;  ///< `source` and `progress` are not used.
};

/// Counted since the start, but for what is in hand.
struct IntakeFigures {
  std::uint64_t received = 0;  ///< Messages taken.
  std::uint64_t refused = 0;   ///< Messages not taken, for want of room.
  std::uint64_t done = 0;      ///< Messages whose outcome had no error.
  std::uint64_t failed = 0;    ///< Messages whose outcome had one.
  std::uint64_t in_hand = 0;   ///< Messages whose outcome is not known yet.
  std::uint64_t bytes = 0;     ///< Of bodies and of objects fetched.
  std::array<std::uint64_t, kNotices> notices{};
  /// Between the newest event of a delivery and its becoming searchable, of the last commit.
  std::optional<std::chrono::milliseconds> event_lag;
  /// Between the arrival of a message and its events becoming searchable, of the last commit.
  std::optional<std::chrono::milliseconds> delivery_lag;
  std::optional<Error> last_error;  ///< Of a message, or of the store.
  std::optional<Timestamp> last_error_at;
};

/// Takes messages, fetches what they announce, and indexes all of it through one ingest run, so
/// that messages which come at the same time share a commit. Each file, and each message that holds
/// records or nothing, has a row in the ledger. Any thread.
class Intake {
 public:
  /// On a thread of the intake's; must not block.
  using Done = std::function<void(MessageOutcome)>;

  /// Borrows all three beyond its life; `s3` may be nullptr: objects are then refused.
  static std::unique_ptr<Intake> start(store::Writer& writer, Quarantine& quarantine, aws::S3* s3,
                                       IntakeOptions options);
  /// Stops as stop() does.
  virtual ~Intake() = default;

  /// Takes the message, and calls `done` once. Or fails at once with `unavailable`, when there is
  /// no room or the intake stops: the message is not kept and `done` not called.
  virtual Result<void> submit(IncomingMessage message, Done done) = 0;

  /// Waits until submit() has room for `messages` more. False once stopped, or `stop` is requested.
  virtual bool wait_for_room(std::size_t messages, std::stop_token stop) = 0;

  virtual IntakeFigures figures() const = 0;

  /// Takes nothing more; what is in hand is brought to its end as far as that takes no more than
  /// `grace`, the rest fails with `unavailable`. Returns when every `done` was called.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace trailsift::indexer
