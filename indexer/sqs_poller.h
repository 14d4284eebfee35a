#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "aws/session.h"
#include "indexer/intake.h"
#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::indexer {

struct SqsPollerOptions {
  std::string queue;          ///< URL, name or ARN.
  std::size_t receivers = 2;  ///< Receive calls at a time.
  std::chrono::seconds visibility{
      120};  ///< Messages are hidden so long, again and again while in hand.
  std::chrono::milliseconds max_backoff{60'000};  ///< Between calls that fail.
  /// Told one line whenever calls begin to fail or succeed again, and for each message that failed.
  std::function<void(const std::string&)> log = {};
};

struct SqsPollerFigures {
  std::string queue;  ///< Its name.
  std::uint64_t received = 0;
  std::uint64_t deleted = 0;
  std::uint64_t failed = 0;     ///< Left in the queue, to come again.
  std::uint64_t in_flight = 0;  ///< Received and neither deleted nor failed yet.
  std::optional<Error>
      error;  ///< Why the last call failed, the IAM action included; unset: it did not.
  std::optional<Timestamp> last_received_at;  ///< When a message came last.
  std::optional<Timestamp> last_polled_at;    ///< When a receive call succeeded last.
};

/// Reads one queue: long polling in batches of 10, hides what is in hand from other readers
/// as long as that takes, and deletes a message once the intake is done with it. Threads of its
/// own.
class SqsPoller {
 public:
  /// Borrows both. Never fails: what is wrong with the queue is told by `log` and figures(), and
  /// tried again.
  static std::unique_ptr<SqsPoller> start(aws::Session& session, Intake& intake,
                                          SqsPollerOptions options);
  /// Stops as both below do.
  virtual ~SqsPoller() = default;

  virtual SqsPollerFigures figures() const = 0;

  /// Receives nothing more.
  virtual void stop_receiving() = 0;
  /// Tells the queue the rest: what is done is deleted, the rest given back. To be called once the
  /// intake has stopped, so that everything in hand has its outcome.
  virtual void stop() = 0;
};

}  // namespace trailsift::indexer
