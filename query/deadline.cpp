#include "query/deadline.h"

#include <string>

namespace trailsift::query {

Deadline::~Deadline() {
  if (has_place_) options_.gate->leave();
}

Result<void> Deadline::check() const {
  if (options_.stop.stop_requested()) {
    return fail(ErrorCode::cancelled, "the query was cancelled");
  }
  const auto now = Clock::now();
  if (options_.end && now >= *options_.end) return too_late();
  const bool passes = options_.gate == nullptr || has_place_.load(std::memory_order_relaxed) ||
                      now < begin_ + options_.gate->patience();
  return passes ? Result<void>() : pass_gate();
}

// Helpers of one query share its place, so one of them takes it and the others wait for that.
Result<void> Deadline::pass_gate() const {
  const std::scoped_lock lock(mutex_);
  if (has_place_) return {};
  const auto entered = options_.gate->enter(options_.end, options_.stop);
  if (!entered) return tl::unexpected(entered.error());
  if (!*entered) return too_late();
  has_place_ = true;
  return {};
}

tl::unexpected<Error> Deadline::too_late() const {
  const auto allowed =
      std::chrono::duration_cast<std::chrono::milliseconds>(*options_.end - begin_);
  return fail(ErrorCode::too_large, "the query took longer than " +
                                        std::to_string(allowed.count()) +
                                        " ms; narrow its time range or its words");
}

}  // namespace trailsift::query
