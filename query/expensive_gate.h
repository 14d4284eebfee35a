#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <stop_token>

#include "schema/error.h"

namespace trailsift::query {

/// Bounds how many queries that take long run at a time, so that the others find the machine free.
/// A query passes the gate once its thread has worked for `patience`; where all places are taken it
/// waits for one, where too many wait it fails. Any thread.
class ExpensiveGate {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    std::size_t places = 1;                   ///< That run at a time; at least 1.
    std::size_t waiting = 8;                  ///< That wait; further ones fail.
    std::chrono::milliseconds patience{100};  ///< What a query may take without a place.
  };

  explicit ExpensiveGate(Options options) : options_(options) {}

  std::chrono::milliseconds patience() const { return options_.patience; }

  /// Takes a place; the caller owes a leave(). `unavailable` when too many wait, `cancelled` when
  /// `stop` is requested first; without a place also when `end` passes first, which the caller's
  /// own look at the clock tells.
  Result<bool> enter(std::optional<Clock::time_point> end, const std::stop_token& stop);
  void leave();

  /// Queries that have a place, and that wait for one.
  std::size_t running() const;
  std::size_t waiting() const;

 private:
  const Options options_;
  mutable std::mutex mutex_;  // Guards everything below.
  std::condition_variable_any free_;
  std::size_t running_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace trailsift::query
