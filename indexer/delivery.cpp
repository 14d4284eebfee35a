#include "indexer/delivery.h"

#include <algorithm>

namespace trailsift::indexer {
namespace {

constexpr std::array<std::string_view, kDeliveryStates> kNames = {
    "received", "indexed", "skipped", "failed", "quarantined",
};

}  // namespace

std::string_view name(DeliveryState state) {
  return kNames.at(static_cast<std::size_t>(state));
}

std::optional<DeliveryState> delivery_state_named(std::string_view wanted) {
  const auto* const found = std::ranges::find(kNames, wanted);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<DeliveryState>(found - kNames.begin());
}

DeliveryCounts& DeliveryCounts::operator+=(const DeliveryCounts& other) {
  read += other.read;
  indexed += other.indexed;
  duplicates += other.duplicates;
  filtered += other.filtered;
  rejected += other.rejected;
  bytes += other.bytes;
  return *this;
}

DeliverySums& DeliverySums::operator+=(const DeliverySums& other) {
  deliveries += other.deliveries;
  attempts += other.attempts;
  counts += other.counts;
  return *this;
}

DeliverySums LedgerSums::present() const {
  DeliverySums sums;
  for (const DeliverySums& state : by_state) sums += state;
  return sums;
}

DeliverySums LedgerSums::ever() const {
  DeliverySums sums = present();
  return sums += pruned;
}

}  // namespace trailsift::indexer
