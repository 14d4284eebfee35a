#pragma once

#include <mutex>

#include "indexer/envelope.h"
#include "indexer/message_in_hand.h"
#include "indexer/quarantine.h"
#include "schema/error.h"

namespace trailsift::indexer {

/// A list that several threads may add to.
class SharedQuarantine final : public Quarantine {
 public:
  explicit SharedQuarantine(Quarantine& list) : list_(list) {}
  Result<bool> add(const QuarantineEntry& entry) override {
    const std::lock_guard lock(mutex_);
    return list_.add(entry);
  }
  Result<void> flush() override {
    const std::lock_guard lock(mutex_);
    return list_.flush();
  }

 private:
  std::mutex mutex_;  // Guards list_.
  Quarantine& list_;
};

/// A part of a message that was not understood, beside others that were.
QuarantineEntry entry_of(const MessageInHand& message, const RejectedPart& part);

/// A message as a whole, with its bytes unless they are too many, and why it failed.
QuarantineEntry entry_of(const MessageInHand& message, const Error& error);

}  // namespace trailsift::indexer
