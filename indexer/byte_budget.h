#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace trailsift::indexer {

/// Bytes that many may use at a time, all together. Any thread; shares may outlive it.
class ByteBudget {
  struct State {
    std::mutex mutex;  // Guards everything below.
    std::condition_variable changed;
    std::uint64_t used = 0;
    bool closed = false;
  };

 public:
  explicit ByteBudget(std::uint64_t most) : most_(most) {}

  /// Bytes in use; given back at the end of its life.
  class Share {
   public:
    Share() = default;
    Share(std::shared_ptr<State> state, std::uint64_t bytes)
        : state_(std::move(state)), bytes_(bytes) {}
    Share(Share&& other) noexcept = default;
    Share& operator=(Share&& other) noexcept {
      std::swap(state_, other.state_);
      std::swap(bytes_, other.bytes_);
      return *this;
    }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    ~Share() {
      if (!state_) return;
      const std::lock_guard lock(state_->mutex);
      state_->used -= bytes_;
      state_->changed.notify_all();
    }

   private:
    std::shared_ptr<State> state_;
    std::uint64_t bytes_ = 0;
  };

  /// Waits for room. More than all of the budget is had when nothing else is in use. nullopt once
  /// closed.
  std::optional<Share> take(std::uint64_t bytes) {
    std::unique_lock lock(state_->mutex);
    state_->changed.wait(lock, [&] {
      return state_->closed || state_->used == 0 ||
             (bytes <= most_ && state_->used <= most_ - bytes);
    });
    if (state_->closed) return std::nullopt;
    state_->used += bytes;
    return Share(state_, bytes);
  }

  /// Nobody gets any more, nor waits.
  void close() {
    const std::lock_guard lock(state_->mutex);
    state_->closed = true;
    state_->changed.notify_all();
  }

 private:
  const std::uint64_t most_;
  const std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace trailsift::indexer
