#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "schema/interner.h"

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
  PathId child(PathId parent, std::string_view key) {
    const std::uint32_t way = ways_.intern(parent, key);
    if (way == path_of_way_.size()) path_of_way_.push_back(add_path(parent, key));
    return path_of_way_[way];
  }

  /// A path with this text that no key leads to.
  PathId add_unreachable(std::string_view text);

  /// Valid as long as the table.
  std::string_view text(PathId path) const { return paths_[path].text; }

  /// Paths so far; the next new one gets this number.
  std::size_t size() const { return paths_.size(); }

  /// About what the table takes.
  std::size_t memory_bytes() const;

 private:
  PathId add_path(PathId parent, std::string_view key);

  Interner paths_;  // Under the tag of reachable paths, or each under a tag of its own.
  std::uint32_t unreachable_ = 0;
  Interner ways_;  // A key under the number of its parent.
  std::vector<PathId> path_of_way_;
};

}  // namespace trailsift
