#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

#include "indexer/bounded_queue.h"
#include "indexer/source.h"

namespace trailsift::indexer {

/// The source of a run whose blobs are made elsewhere. push(), close() and reopen(): any thread.
class ReadyBlobs final : public Source {
 public:
  explicit ReadyBlobs(std::size_t capacity) : capacity_(capacity) { reopen(); }

  /// Waits while it is full. False once interrupted or closed: the blob is dropped.
  bool push(std::unique_ptr<Blob> blob) { return queue()->push(std::move(blob)); }

  /// Nothing more comes in; what is in is still handed out.
  void close() { queue()->close(); }

  /// Begins anew after interrupt(), empty.
  void reopen() {
    const std::lock_guard lock(mutex_);
    queue_ = std::make_shared<Queue>(capacity_);
  }

  Result<std::unique_ptr<Blob>> next() override {
    auto blob = queue()->pop();
    return blob ? std::move(*blob) : nullptr;
  }

  /// Drops what is in.
  void interrupt() override {
    const auto queue = this->queue();
    queue->close();
    while (queue->pop()) continue;
  }

  std::optional<Total> total(std::stop_token /*stop*/) const override { return std::nullopt; }

 private:
  using Queue = BoundedQueue<std::unique_ptr<Blob>>;

  std::shared_ptr<Queue> queue() {
    const std::lock_guard lock(mutex_);
    return queue_;
  }

  const std::size_t capacity_;
  std::mutex mutex_;  // Guards what follows.
  std::shared_ptr<Queue> queue_;
};

}  // namespace trailsift::indexer
