#include "indexer/message_in_hand.h"

#include <utility>

namespace trailsift::indexer {

MessageInHand::MessageInHand(IncomingMessage taken, Intake::Done done, MemoryBudget::Held held,
                             Conclude conclude)
    : message(std::move(taken)),
      received(std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now())),
      done_(std::move(done)),
      held_(std::move(held)),
      conclude_(std::move(conclude)) {}

bool is_permanent(const Error& error) {
  switch (error.code) {
    case ErrorCode::bad_request:
    case ErrorCode::not_found:
    case ErrorCode::too_large:
    case ErrorCode::corrupt: return true;
    default: return false;
  }
}

void MessageInHand::fail(Error error) {
  const std::lock_guard lock(mutex_);
  if (!outcome_.error || (is_permanent(*outcome_.error) && !is_permanent(error))) {
    outcome_.error = std::move(error);
  }
}

void MessageInHand::add(const DeliveryCounts& counts) {
  const std::lock_guard lock(mutex_);
  outcome_.counts += counts;
}

void MessageInHand::believe() {
  believed_ = true;
}

void MessageInHand::note(const Envelope& envelope) {
  const std::lock_guard lock(mutex_);
  outcome_.notices = envelope.notices;
}

void MessageReceipt::settle(const DeliveryOutcome& outcome) {
  settled_ = true;
  message_->add(outcome.counts);
  if (outcome.state == DeliveryState::failed) {
    message_->fail({ErrorCode::unavailable, outcome.error, {}});
  }
  on_settled_(outcome);
}

MessageReceipt::~MessageReceipt() {
  if (settled_) return;
  message_->fail(
      {ErrorCode::unavailable, "the index could not be written, or is being closed", {}});
}

}  // namespace trailsift::indexer
