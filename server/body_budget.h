#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace trailsift::server {

/// How many bytes of bodies may be in memory at a time before a handler has taken them. Any thread.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// False, and nothing is taken, when the budget has not so many bytes left.
  bool take(std::size_t bytes) {
    std::size_t used = used_;
    do {
      if (bytes > max_bytes_ - used) return false;
    } while (!used_.compare_exchange_weak(used, used + bytes));
    return true;
  }
  void give_back(std::size_t bytes) { used_ -= bytes; }

 private:
  const std::size_t max_bytes_;
  std::atomic<std::size_t> used_{0};
};

/// The bytes that one body has of a budget; given back with it. One thread at a time.
class BodyShare {
 public:
  BodyShare() = default;
  explicit BodyShare(std::shared_ptr<BodyBudget> budget) : budget_(std::move(budget)) {}
  ~BodyShare() { end(); }
  BodyShare(BodyShare&& other) noexcept
      : budget_(std::move(other.budget_)), bytes_(std::exchange(other.bytes_, 0)) {}
  BodyShare& operator=(BodyShare&& other) noexcept {
    end();
    budget_ = std::move(other.budget_);
    bytes_ = std::exchange(other.bytes_, 0);
    return *this;
  }

  /// Has `bytes` from now on, at least; false when the budget has them not.
  bool grow_to(std::size_t bytes) {
    if (bytes <= bytes_) return true;
    if (!budget_->take(bytes - bytes_)) return false;
    bytes_ = bytes;
    return true;
  }

 private:
  void end() {
    if (bytes_ > 0) budget_->give_back(bytes_);
  }

  std::shared_ptr<BodyBudget> budget_;
  std::size_t bytes_ = 0;
};

}  // namespace trailsift::server
