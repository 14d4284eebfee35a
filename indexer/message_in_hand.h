#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "indexer/intake.h"
#include "indexer/memory_budget.h"
#include "indexer/source.h"

namespace trailsift::indexer {

/// A message whose outcome is not known yet. Whoever has a part of it to do holds it; once nobody
/// does, all parts are done, and the outcome is told. Any thread.
class MessageInHand {
 public:
  /// Called by the destructor. Must not throw.
  using Conclude = std::function<void(MessageInHand&)>;

  MessageInHand(IncomingMessage taken, Intake::Done done, MemoryBudget::Held held,
                Conclude conclude);
  ~MessageInHand() { conclude_(*this); }
  MessageInHand(const MessageInHand&) = delete;
  MessageInHand& operator=(const MessageInHand&) = delete;

  const IncomingMessage message;
  const Timestamp received;

  /// Something of it is not done: its sender is to try again. Of several errors, one that may pass
  /// counts before one that does not, else the first.
  void fail(Error error);
  void add(const DeliveryCounts& counts);
  /// Its sender is who it says it is, as far as that was to be checked.
  void believe();
  bool believed() const { return believed_; }
  void note(const Envelope& envelope);
  /// Sees the outcome; to be called by `conclude` or while nobody else has the message.
  MessageOutcome& outcome() { return outcome_; }
  /// Its memory may be counted as free.
  void release() { held_ = {}; }
  void tell() { done_(std::move(outcome_)); }

 private:
  const Intake::Done done_;
  MemoryBudget::Held held_;
  const Conclude conclude_;
  std::atomic<bool> believed_ = false;
  std::mutex mutex_;  // Guards everything below.
  MessageOutcome outcome_;
};

/// Whether the message itself is at fault, so that it will fail as often as it comes.
bool is_permanent(const Error& error);

/// Tells a message what became of one of its deliveries, the intake being told as well.
class MessageReceipt final : public Receipt {
 public:
  using OnSettled = std::function<void(const DeliveryOutcome&)>;

  MessageReceipt(std::shared_ptr<MessageInHand> message, OnSettled on_settled)
      : message_(std::move(message)), on_settled_(std::move(on_settled)) {}
  ~MessageReceipt() override;
  void settle(const DeliveryOutcome& outcome) override;

 private:
  const std::shared_ptr<MessageInHand> message_;
  const OnSettled on_settled_;
  bool settled_ = false;
};

}  // namespace trailsift::indexer
