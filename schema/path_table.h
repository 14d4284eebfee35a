#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace trailsift {

/// Number of a path in a PathTable.
using PathId = std::uint32_t;

/// Numbers the paths of leaves (keys joined by dots, array indexes left out), so that a path that
/// was seen before costs one look-up of its last key. Two ways to the same text are one path.
class PathTable {
 public:
  static constexpr PathId kRoot = 0;

  PathTable();

  /// The path one key below `parent`.
  PathId child(PathId parent, std::string_view key);

  /// A path with this text that no key leads to.
  PathId add_unreachable(std::string_view text);

  /// Valid as long as the table.
  std::string_view text(PathId path) const { return texts_[path]; }

  /// Paths so far; the next new one gets this number.
  std::size_t size() const { return texts_.size(); }

  /// About what the table takes.
  std::size_t memory_bytes() const { return memory_bytes_; }

 private:
  struct Slot {
    PathId parent = 0;
    PathId path = 0;  // 0: the slot is free, as nothing leads to the root.
    std::uint32_t key_hash = 0;
    std::string_view key;
  };

  PathId add_child(PathId parent, std::string_view key, std::uint32_t hash);
  PathId add_text(std::string text);
  void insert(const Slot& slot);
  void grow();

  std::deque<std::string> texts_;
  std::deque<std::string> keys_;
  std::unordered_map<std::string_view, PathId> by_text_;
  std::vector<Slot> slots_;  // Open addressing; its size is a power of two.
  std::size_t used_ = 0;
  std::size_t memory_bytes_ = 0;
};

}  // namespace trailsift
