#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace trailsift::indexer {

/// So much memory may be held at a time. What is larger than all of it is held alone. Any thread.
class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t bytes) : bytes_(bytes) {}

  /// Memory that is held, until this goes. The budget must outlive it.
  class Held {
   public:
    Held() = default;
    Held(MemoryBudget& budget, std::uint64_t bytes) : budget_(&budget), bytes_(bytes) {}
    Held(Held&& other) noexcept
        : budget_(std::exchange(other.budget_, nullptr)), bytes_(other.bytes_) {}
    Held& operator=(Held&& other) noexcept {
      std::swap(budget_, other.budget_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    ~Held() {
      if (budget_ != nullptr) budget_->change(bytes_, 0);
    }
    /// It was more, or less, than was known: never waits.
    void resize(std::uint64_t bytes) {
      if (budget_ != nullptr) budget_->change(bytes_, bytes);
      bytes_ = bytes;
    }

   private:
    MemoryBudget* budget_ = nullptr;
    std::uint64_t bytes_ = 0;
  };

  /// Waits for room. nullopt once `stop` is requested.
  std::optional<Held> hold(std::uint64_t bytes, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (!freed_.wait(lock, stop, [&] { return fits(bytes); })) return std::nullopt;
    held_ += bytes;
    return Held(*this, bytes);
  }

  /// nullopt where hold() would wait.
  std::optional<Held> try_hold(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    if (!fits(bytes)) return std::nullopt;
    held_ += bytes;
    return Held(*this, bytes);
  }

  /// Not even one byte more fits.
  bool is_full() {
    const std::lock_guard lock(mutex_);
    return !fits(1);
  }

 private:
  bool fits(std::uint64_t bytes) const { return held_ == 0 || held_ + bytes <= bytes_; }

  void change(std::uint64_t from, std::uint64_t to) {
    const std::lock_guard lock(mutex_);
    held_ = held_ - from + to;
    if (to < from) freed_.notify_all();
  }

  const std::uint64_t bytes_;
  std::mutex mutex_;  // Guards everything below.
  std::condition_variable_any freed_;
  std::uint64_t held_ = 0;
};

}  // namespace trailsift::indexer
