#include "store/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace trailsift::store {

Result<void> run_parallel(std::size_t count, unsigned threads,
                          const std::function<Result<void>(std::size_t index)>& task) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;  // Guards everything below.
  std::optional<Error> failure;

  const auto work = [&] {
    for (std::size_t index = next++; index < count; index = next++) {
      auto done = task(index);
      if (done) continue;
      next = count;
      const std::scoped_lock lock(mutex);
      if (!failure) failure = std::move(done.error());
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < std::min<std::size_t>(threads, count); ++i) {
      helpers.emplace_back(work);
    }
    work();
  }
  if (failure) return tl::unexpected(*failure);
  return {};
}

}  // namespace trailsift::store
