#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

namespace trailsift::indexer {

/// Runs tasks on threads and tells their results in the order in which they were begun. At most
/// `most` are under way or wait to be told. One thread uses it; the destructor waits for the tasks.
template <class T>
class OrderedResults {
 public:
  OrderedResults(std::size_t threads, std::size_t most, std::function<void(T)> tell)
      : most_(most), tell_(std::move(tell)), pool_(threads) {}
  ~OrderedResults() { pool_.join(); }
  OrderedResults(const OrderedResults&) = delete;
  OrderedResults& operator=(const OrderedResults&) = delete;

  void run(std::function<T()> task) {
    const auto shared = std::make_shared<std::packaged_task<T()>>(std::move(task));
    wait_until_below(most_);
    waiting_.push_back(shared->get_future());
    boost::asio::post(pool_, [shared] { (*shared)(); });
  }

  /// A result that is there already takes its place in the order.
  void put(T result) {
    std::promise<T> done;
    done.set_value(std::move(result));
    wait_until_below(most_);
    waiting_.push_back(done.get_future());
  }

  /// Waits until everything is told. Throws what a task threw.
  void finish() { wait_until_below(1); }

 private:
  void wait_until_below(std::size_t count) {
    while (waiting_.size() >= count) {
      std::future<T> oldest = std::move(waiting_.front());
      waiting_.pop_front();
      tell_(oldest.get());
    }
  }

  const std::size_t most_;
  const std::function<void(T)> tell_;
  std::deque<std::future<T>> waiting_;
  boost::asio::thread_pool pool_;
};

}  // namespace trailsift::indexer
