#include "query/expensive_gate.h"

#include <string>

namespace trailsift::query {

Result<bool> ExpensiveGate::enter(std::optional<Clock::time_point> end,
                                  const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  if (running_ < options_.places) {
    ++running_;
    return true;
  }
  if (waiting_ == options_.waiting) {
    return fail(ErrorCode::unavailable,
                "the server is busy: " + std::to_string(running_ + waiting_) +
                    " expensive queries run or wait already; narrow the query or try again");
  }
  ++waiting_;
  const auto has_place = [this] { return running_ < options_.places; };
  const bool found =
      end ? free_.wait_until(lock, stop, *end, has_place) : free_.wait(lock, stop, has_place);
  --waiting_;
  if (!found && stop.stop_requested()) {
    return fail(ErrorCode::cancelled, "the query was cancelled");
  }
  if (found) ++running_;
  return found;
}

void ExpensiveGate::leave() {
  {
    const std::scoped_lock lock(mutex_);
    --running_;
  }
  free_.notify_one();
}

std::size_t ExpensiveGate::running() const {
  const std::scoped_lock lock(mutex_);
  return running_;
}

std::size_t ExpensiveGate::waiting() const {
  const std::scoped_lock lock(mutex_);
  return waiting_;
}

}  // namespace trailsift::query
