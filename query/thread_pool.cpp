#include "query/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <optional>

namespace trailsift::query {

/// One call of run(). Helpers that come too late find it closed and do not touch the task.
class ThreadPool::Loop {
 public:
  Loop(std::size_t count, const Task& task) : count_(count), task_(task) {}

  void help() {
    {
      const std::scoped_lock lock(mutex_);
      if (closed_) return;
      ++helpers_;
    }
    work();
    const std::scoped_lock lock(mutex_);
    if (--helpers_ == 0) idle_.notify_all();
  }

  Result<void> finish() {
    work();
    std::unique_lock lock(mutex_);
    closed_ = true;
    idle_.wait(lock, [this] { return helpers_ == 0; });
    if (thrown_) std::rethrow_exception(thrown_);
    if (failure_) return tl::unexpected(*failure_);
    return {};
  }

 private:
  void work() {
    for (std::size_t index = next_++; index < count_; index = next_++) {
      std::exception_ptr thrown;
      Result<void> done;
      try {
        done = task_(index);
      } catch (...) {
        thrown = std::current_exception();
      }
      if (done && !thrown) continue;
      next_ = count_;
      const std::scoped_lock lock(mutex_);
      if (thrown && !thrown_) thrown_ = thrown;
      if (!done && !failure_) failure_ = std::move(done.error());
    }
  }

  const std::size_t count_;
  const Task& task_;
  std::atomic<std::size_t> next_{0};

  std::mutex mutex_;  // Guards everything below.
  std::condition_variable idle_;
  std::size_t helpers_ = 0;
  bool closed_ = false;
  std::exception_ptr thrown_;
  std::optional<Error> failure_;
};

ThreadPool::ThreadPool(unsigned threads) {
  threads_.reserve(threads);
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { help(); });
}

ThreadPool::~ThreadPool() {
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
  }
  work_.notify_all();
  threads_.clear();  // Joins.
}

Result<void> ThreadPool::run(std::size_t count, const Task& task) {
  const auto loop = std::make_shared<Loop>(count, task);
  const std::size_t helpers = std::min(threads_.size(), count == 0 ? 0 : count - 1);
  if (helpers > 0) {
    const std::scoped_lock lock(mutex_);
    loops_.insert(loops_.end(), helpers, loop);
  }
  for (std::size_t i = 0; i < helpers; ++i) work_.notify_one();
  return loop->finish();
}

void ThreadPool::help() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stopped_ || !loops_.empty(); });
    if (stopped_) return;
    const auto loop = std::move(loops_.front());
    loops_.pop_front();
    lock.unlock();
    loop->help();
    lock.lock();
  }
}

}  // namespace trailsift::query
