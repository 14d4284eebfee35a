#include "schema/interner.h"

#include <algorithm>
#include <utility>

#include "schema/seeded_hash.h"

namespace trailsift {
namespace {

constexpr std::size_t kFirstSlots = 1024;

}  // namespace

Interner::Interner() : slots_(kFirstSlots) {}

std::uint32_t Interner::hash_of(std::uint32_t tag, std::string_view text) {
  return static_cast<std::uint32_t>(seeded_hash(text, tag));
}

std::uint32_t Interner::intern(std::uint32_t tag, std::string_view text, std::uint32_t hash) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash;; ++i) {
    const Slot& slot = slots_[i & mask];
    if (slot.number_plus_1 == 0) break;
    if (slot.hash != hash) continue;
    const Item& item = items_[slot.number_plus_1 - 1];
    if (item.tag == tag && item.text == text) return slot.number_plus_1 - 1;
  }
  const auto number = static_cast<std::uint32_t>(items_.size());
  items_.push_back({arena_.add(text), tag});
  if (2 * items_.size() > slots_.size()) grow();
  insert({hash, number + 1});
  return number;
}

void Interner::clear() {
  arena_.clear();
  items_.clear();
  std::ranges::fill(slots_, Slot{});
}

std::size_t Interner::memory_bytes() const {
  return arena_.memory_bytes() + items_.size() * (sizeof(Item) + 2 * sizeof(Slot));
}

void Interner::insert(Slot slot) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = slot.hash;
  while (slots_[i & mask].number_plus_1 != 0) ++i;
  slots_[i & mask] = slot;
}

void Interner::grow() {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
  for (const Slot& slot : old) {
    if (slot.number_plus_1 != 0) insert(slot);
  }
}

}  // namespace trailsift
