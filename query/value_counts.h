#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace trailsift::query {

/// A value and its hits; the text lies in a dictionary.
using ValueCount = std::pair<std::string_view, std::uint64_t>;

/// Adds up the hits of values that stand in several dictionaries. Borrows the texts.
class ValueCounts {
 public:
  void add(std::string_view value, std::uint64_t hits);

  /// Every value once, in no order.
  const std::vector<ValueCount>& all() const { return counts_; }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t number = 0;  ///< One more than the place in counts_; 0 when free.
  };
  Slot& slot_of(std::string_view value, std::uint32_t hash);
  void grow();

  std::vector<ValueCount> counts_;
  std::vector<Slot> slots_;  // A hash table with open addressing; its size is a power of two.
};

}  // namespace trailsift::query
