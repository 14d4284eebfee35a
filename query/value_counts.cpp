#include "query/value_counts.h"

#include <algorithm>
#include <functional>

namespace trailsift::query {

void ValueCounts::add(std::string_view value, std::uint64_t hits) {
  if (slots_.size() < 2 * (counts_.size() + 1)) grow();
  const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>()(value));
  Slot& slot = slot_of(value, hash);
  if (slot.number == 0) {
    counts_.emplace_back(value, 0);
    slot = {hash, static_cast<std::uint32_t>(counts_.size())};
  }
  counts_[slot.number - 1].second += hits;
}

/// Where the value is, or the free slot where it belongs.
ValueCounts::Slot& ValueCounts::slot_of(std::string_view value, std::uint32_t hash) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (slot.number == 0) return slot;
    if (slot.hash == hash && counts_[slot.number - 1].first == value) return slot;
  }
}

void ValueCounts::grow() {
  constexpr std::size_t kSmallest = 64;
  std::vector<Slot> larger(std::max(slots_.size() * 2, kSmallest));
  const std::size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.number == 0) continue;
    std::size_t i = slot.hash & mask;
    while (larger[i].number != 0) i = (i + 1) & mask;
    larger[i] = slot;
  }
  slots_ = std::move(larger);
}

}  // namespace trailsift::query
