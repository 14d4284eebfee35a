#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <stop_token>

#include "query/expensive_gate.h"
#include "schema/error.h"

namespace trailsift::query {

/// When a query must stop: its time is over, whoever asked is gone, or too many others like it run.
/// Loops whose length depends on the data ask check() once per block or record. Any thread.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  struct Options {
    std::optional<Clock::time_point> end = {};
    std::stop_token stop = {};
    ExpensiveGate* gate = nullptr;  ///< Borrowed; null: any number may run.
  };

  explicit Deadline(std::optional<Clock::time_point> end = {}) : Deadline(Options{end, {}, {}}) {}
  explicit Deadline(Options options) : options_(std::move(options)) {}
  ~Deadline();
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;

  /// ErrorCode::too_large once the time is over, cancelled once it is asked for, unavailable when
  /// the gate is full. Waits at the gate.
  Result<void> check() const;

 private:
  Result<void> pass_gate() const;
  tl::unexpected<Error> too_late() const;

  Clock::time_point begin_ = Clock::now();
  Options options_;
  mutable std::atomic<bool> has_place_{false};
  mutable std::mutex mutex_;  // Guards the taking of the place.
};

}  // namespace trailsift::query
