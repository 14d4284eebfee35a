#pragma once

#include <cstddef>
#include <functional>

#include "schema/error.h"

namespace trailsift::store {

/// Runs `task(0)` to `task(count - 1)` on `threads` threads, the caller's among them. After the
/// first failure no further task is begun; that failure is the answer.
Result<void> run_parallel(std::size_t count, unsigned threads,
                          const std::function<Result<void>(std::size_t index)>& task);

}  // namespace trailsift::store
