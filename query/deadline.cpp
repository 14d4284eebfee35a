#include "query/deadline.h"

#include <string>
#include <time.h>
#include <utility>

namespace trailsift::query {
namespace {

constexpr std::chrono::milliseconds kShort{2};

/// Lets a thread run that waits for this one's core. Schedulers leave a thread its slice of some
/// milliseconds, and a short query that wakes meanwhile would take several times as long.
void give_way(Deadline::Clock::time_point now) {
  constexpr std::chrono::microseconds kShare{200};
  thread_local Deadline::Clock::time_point last;
  if (now < last + kShare) return;
  last = now;
  std::this_thread::yield();
}

/// Of this thread.
std::chrono::nanoseconds processor_time() {
  timespec taken{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &taken);
  return std::chrono::seconds(taken.tv_sec) + std::chrono::nanoseconds(taken.tv_nsec);
}

}  // namespace

Deadline::Deadline(Options options)
    : begin_processor_time_(processor_time()), options_(std::move(options)) {}

Deadline::Deadline(const Deadline& whole, Clock::time_point end)
    : Deadline(Options{end, {}, nullptr}) {
  whole_ = &whole;
}

Deadline::~Deadline() {
  if (has_place_) options_.gate->leave();
}

Result<void> Deadline::check() const {
  if (whole_ != nullptr) return is_over() ? whole_->too_late() : whole_->check();
  if (options_.stop.stop_requested()) {
    return fail(ErrorCode::cancelled, "the query was cancelled");
  }
  const auto now = Clock::now();
  if (options_.end && now >= *options_.end) return too_late();
  if (now >= begin_ + kShort) give_way(now);
  const bool passes =
      options_.gate == nullptr || has_place_.load(std::memory_order_relaxed) || !is_expensive(now);
  return passes ? Result<void>() : pass_gate();
}

// By the processor's time: on a busy machine a short query takes long by the clock as well, and
// must not wait behind those that are expensive. The thread that asks works as long as its helpers.
bool Deadline::is_expensive(Clock::time_point now) const {
  if (expensive_.load(std::memory_order_relaxed)) return true;
  const auto patience = options_.gate->patience();
  if (now < begin_ + patience || std::this_thread::get_id() != thread_) return false;
  if (processor_time() < begin_processor_time_ + patience) return false;
  expensive_ = true;
  return true;
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

Result<void> Deadline::too_late() const {
  const auto allowed = options_.allowed.value_or(
      std::chrono::ceil<std::chrono::milliseconds>(*options_.end - begin_));
  return fail(ErrorCode::too_large, "the query took longer than " +
                                        std::to_string(allowed.count()) +
                                        " ms; narrow its time range or its words");
}

}  // namespace trailsift::query
