#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "query/expensive_gate.h"
#include "schema/error.h"

namespace trailsift::query {

/// When a query must stop: its time is over, whoever asked is gone, or too many others like it run.
/// Made by the thread that runs the query. Loops whose length depends on the data ask check() once
/// per block or record. Any thread.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    std::optional<Clock::time_point> end = {};
    std::stop_token stop = {};
    ExpensiveGate* gate = nullptr;  ///< Borrowed; null: any number may run.
    /// How long all that the end is for may take, as errors tell it; absent: from now to the end.
    std::optional<std::chrono::milliseconds> allowed = {};
  };

  explicit Deadline(std::optional<Clock::time_point> end = {}) : Deadline(Options{end, {}, {}}) {}
  explicit Deadline(Options options);
  /// An earlier end for a part of what `whole` is for: it stops with it, shares its place at the
  /// gate, and fails as it does. Borrows it.
  Deadline(const Deadline& whole, Clock::time_point end);
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  /// ErrorCode::too_large once the time is over, cancelled once it is asked for, unavailable when
  /// the gate is full. Waits at the gate, and behind it gives way to other threads.
  Result<void> check() const;

  /// Whether it is for that that check() fails.
  bool is_over() const { return options_.end && Clock::now() >= *options_.end; }

 private:
  bool is_expensive(Clock::time_point now) const;
  Result<void> pass_gate() const;
  Result<void> too_late() const;

  Clock::time_point begin_ = Clock::now();
  std::chrono::nanoseconds begin_processor_time_;
  std::thread::id thread_ = std::this_thread::get_id();
  Options options_;
  const Deadline* whole_ = nullptr;
  mutable std::atomic<bool> expensive_{false};
  mutable std::atomic<bool> has_place_{false};
  mutable std::mutex mutex_;  // Guards the taking of the place.
};

}  // namespace trailsift::query
