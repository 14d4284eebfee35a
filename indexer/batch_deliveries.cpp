#include "indexer/batch_deliveries.h"

#include <algorithm>
#include <utility>

namespace trailsift::indexer {

void BatchDeliveries::begin(DeliveryOutcome delivery, std::shared_ptr<Receipt> receipt) {
  open_.push_back({std::move(delivery), std::move(receipt)});
}

void BatchDeliveries::add(const BlobAccount& account, const store::EventBatch& batch) {
  Open& open = open_.back();
  DeliveryOutcome& outcome = open.outcome;
  if (open.begin == open.end) open.begin = batch.size() - account.events;
  open.end = batch.size();
  for (const auto& row : batch.rows().last(account.events)) {
    outcome.newest = std::max(outcome.newest.value_or(row.time), row.time);
  }
  outcome.counts.read += account.events + account.filtered + account.rejected.size();
  outcome.counts.filtered += account.filtered;
  outcome.counts.rejected += account.rejected.size();
  outcome.counts.bytes += account.bytes;
  if (outcome.error.empty() && !account.rejected.empty()) {
    const QuarantineEntry& first = account.rejected.front();
    outcome.error = std::string(name(first.reason)) + ": " + first.detail;
  }
  if (account.skipped) outcome.state = DeliveryState::skipped;
  if (account.unreadable) outcome.state = DeliveryState::failed;
  if (account.unlisted) {
    outcome.state = DeliveryState::failed;
    outcome.error = "the quarantine list is full; " + outcome.error;
  }
  if (account.ends) end(open);
}

void BatchDeliveries::end(Open& open) {
  DeliveryOutcome& outcome = open.outcome;
  const bool nothing_else = outcome.counts.read == outcome.counts.rejected;
  if (outcome.state == DeliveryState::received) {
    outcome.state = nothing_else && outcome.counts.rejected > 0 ? DeliveryState::quarantined
                                                                : DeliveryState::indexed;
  }
  open.ended = true;
  ++ended_;
}

void BatchDeliveries::abandon(std::string_view why) {
  if (open_.empty() || open_.back().ended) return;
  Open& open = open_.back();
  if (open.outcome.counts == DeliveryCounts{}) {
    open_.pop_back();
    return;
  }
  open.outcome.state = DeliveryState::failed;
  open.outcome.error = why;
  end(open);
}

Settlement BatchDeliveries::settle(std::span<const char> kept, Timestamp now) {
  Settlement settled;
  settled.outcomes.reserve(ended_);
  settled.receipts.reserve(ended_);
  std::vector<Open> rest;
  for (Open& open : open_) {
    const auto events = kept.subspan(open.begin, open.end - open.begin);
    const auto duplicates = static_cast<std::uint64_t>(std::ranges::count(events, 0));
    open.outcome.counts.duplicates += duplicates;
    open.outcome.counts.indexed += events.size() - duplicates;
    open.begin = open.end = 0;
    if (open.ended) {
      open.outcome.finished = now;
      settled.outcomes.push_back(std::move(open.outcome));
      settled.receipts.push_back(std::move(open.receipt));
    } else {
      rest.push_back(std::move(open));
    }
  }
  open_ = std::move(rest);
  ended_ = 0;
  return settled;
}

}  // namespace trailsift::indexer
