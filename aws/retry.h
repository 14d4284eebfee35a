#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>

#include "aws/session.h"

namespace trailsift::aws {

/// How long to wait after the `attempt`th failure (from 1): base_delay doubled each time, at most
/// max_delay, times `fraction` of [0, 1] ("full jitter", so that callers do not come back at once).
std::chrono::milliseconds backoff(const RetryPolicy& policy, std::size_t attempt, double fraction);

/// The same with a random fraction.
std::chrono::milliseconds backoff(const RetryPolicy& policy, std::size_t attempt);

/// Waits; false as soon as `stop` is requested.
bool pause(std::chrono::milliseconds duration, const std::stop_token& stop);

}  // namespace trailsift::aws
