#include "aws/retry.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <random>

namespace trailsift::aws {

std::chrono::milliseconds backoff(const RetryPolicy& policy, std::size_t attempt, double fraction) {
  auto delay = std::min(policy.base_delay, policy.max_delay);
  for (std::size_t i = 1; i < attempt && delay < policy.max_delay; ++i)
    delay = std::min(delay * 2, policy.max_delay);
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(static_cast<double>(delay.count()) * fraction));
}

std::chrono::milliseconds backoff(const RetryPolicy& policy, std::size_t attempt) {
  thread_local std::minstd_rand random{std::random_device{}()};
  return backoff(policy, attempt, std::uniform_real_distribution<double>(0, 1)(random));
}

bool pause(std::chrono::milliseconds duration, const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait_for(lock, stop, duration, [] { return false; });
  return !stop.stop_requested();
}

}  // namespace trailsift::aws
