#include "schema/path_table.h"

#include <utility>

#include "schema/seeded_hash.h"

namespace trailsift {
namespace {

constexpr std::size_t kFirstSlots = 1024;

std::uint32_t hash_of(PathId parent, std::string_view key) {
  return static_cast<std::uint32_t>(seeded_hash(key, parent));
}

}  // namespace

PathTable::PathTable() : slots_(kFirstSlots) {
  texts_.emplace_back();
}

PathId PathTable::child(PathId parent, std::string_view key) {
  const std::uint32_t hash = hash_of(parent, key);
  for (std::size_t i = hash;; ++i) {
    const Slot& slot = slots_[i & (slots_.size() - 1)];
    if (slot.path == 0) break;
    if (slot.key_hash == hash && slot.parent == parent && slot.key == key) return slot.path;
  }
  return add_child(parent, key, hash);
}

PathId PathTable::add_unreachable(std::string_view text) {
  return add_text(std::string(text));
}

PathId PathTable::add_child(PathId parent, std::string_view key, std::uint32_t hash) {
  std::string text = texts_[parent];
  if (!text.empty()) text += '.';
  text += key;
  const auto known = by_text_.find(text);
  PathId path = 0;
  if (known != by_text_.end()) {
    path = known->second;
  } else {
    path = add_text(std::move(text));
    by_text_.emplace(texts_.back(), path);
  }
  keys_.emplace_back(key);
  memory_bytes_ += sizeof(std::string) + key.size();
  insert({parent, path, hash, keys_.back()});
  return path;
}

PathId PathTable::add_text(std::string text) {
  constexpr std::size_t kNodeBytes = 128;  // Of the string, the map's node and the slots.
  memory_bytes_ += text.size() + kNodeBytes;
  texts_.push_back(std::move(text));
  return static_cast<PathId>(texts_.size() - 1);
}

void PathTable::insert(const Slot& slot) {
  if (2 * (used_ + 1) > slots_.size()) grow();
  std::size_t i = slot.key_hash;
  while (slots_[i & (slots_.size() - 1)].path != 0) ++i;
  slots_[i & (slots_.size() - 1)] = slot;
  ++used_;
}

void PathTable::grow() {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
  used_ = 0;
  for (const Slot& slot : old) {
    if (slot.path != 0) insert(slot);
  }
}

}  // namespace trailsift
