#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "schema/arena.h"

namespace trailsift {

/// Numbers distinct texts, each under a tag, in the order of their first appearance. One thread.
class Interner {
 public:
  struct Item {
    std::string_view text;
    std::uint32_t tag = 0;
  };

  Interner();

  /// The number of this text with this tag; a new one when unseen.
  std::uint32_t intern(std::uint32_t tag, std::string_view text) {
    return intern(tag, text, hash_of(tag, text));
  }

  /// The same in several steps, so that of many texts the memory is fetched at the same time.
  static std::uint32_t hash_of(std::uint32_t tag, std::string_view text);
  void prefetch(std::uint32_t hash) const {
    __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  }
  /// When the step before has come for all of them: what is known of the text, and then its bytes.
  void prefetch_item(std::uint32_t hash) const {
    const Slot& slot = slots_[hash & (slots_.size() - 1)];
    if (slot.hash == hash && slot.number_plus_1 != 0) {
      __builtin_prefetch(&items_[slot.number_plus_1 - 1]);
    }
  }
  void prefetch_text(std::uint32_t hash) const {
    const Slot& slot = slots_[hash & (slots_.size() - 1)];
    if (slot.hash == hash && slot.number_plus_1 != 0) {
      __builtin_prefetch(items_[slot.number_plus_1 - 1].text.data());
    }
  }
  std::uint32_t intern(std::uint32_t tag, std::string_view text, std::uint32_t hash);

  std::size_t size() const { return items_.size(); }
  const Item& operator[](std::uint32_t number) const { return items_[number]; }

  /// Forgets all texts; what they took is for the next ones.
  void clear();

  /// About what the texts take.
  std::size_t memory_bytes() const;

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number_plus_1 = 0;  // 0: the slot is free.
  };

  void insert(Slot slot);
  void grow();

  Arena arena_;
  std::vector<Item> items_;
  std::vector<Slot> slots_;  // Open addressing; its size is a power of two.
};

}  // namespace trailsift
