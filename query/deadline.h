#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "schema/error.h"

namespace trailsift::query {

/// When a query must have been answered. Loops whose length depends on the data ask check() once
/// per block or record.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Deadline(std::optional<Clock::time_point> end = {}) : end_(end) {}

  /// ErrorCode::too_large once the time is over.
  Result<void> check() const {
    if (!end_ || Clock::now() < *end_) return {};
    const auto allowed = std::chrono::duration_cast<std::chrono::milliseconds>(*end_ - begin_);
    return fail(ErrorCode::too_large, "the query took longer than " +
                                          std::to_string(allowed.count()) +
                                          " ms; narrow its time range or its words");
  }

 private:
  Clock::time_point begin_ = Clock::now();
  std::optional<Clock::time_point> end_;
};

}  // namespace trailsift::query
