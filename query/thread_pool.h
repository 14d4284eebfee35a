#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "schema/error.h"

namespace trailsift::query {

/// Threads that help others through their loops. Any thread may ask, also one that is helping.
class ThreadPool {
 public:
  using Task = std::function<Result<void>(std::size_t index)>;

  /// 0 threads are fine: then everybody works alone.
  explicit ThreadPool(unsigned threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Runs `task(0)` to `task(count - 1)` on the caller's thread and on those that are free; nobody
  /// waits for one that is not. After the first failure no further task is begun; that failure is
  /// the answer, and what a task throws is thrown here.
  Result<void> run(std::size_t count, const Task& task);

 private:
  class Loop;
  void help();

  std::mutex mutex_;  // Guards everything below but the threads.
  std::condition_variable work_;
  std::deque<std::shared_ptr<Loop>> loops_;  // One entry for each helper that is wanted.
  bool stopped_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace trailsift::query
