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
    if (!key.empty() && key == likely_key(parent)) return likely_child();
    return unlikely_child(parent, key);
  }

  /// The key that followed the one before last time, which it does in most records, if it is below
  /// `parent`; empty when there is none. It has no quote or backslash, so that JSON has the same
  /// bytes.
  std::string_view likely_key(PathId parent) const {
    const Interner::Item& way = ways_[steps_[last_way_].next];
    return way.tag == parent ? way.text : std::string_view();
  }
  /// What child() gives for likely_key(), which must not be empty.
  PathId likely_child() {
    last_way_ = steps_[last_way_].next;
    return steps_[last_way_].path;
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
  struct Step {
    PathId path = kRoot;     // What the way leads to.
    std::uint32_t next = 0;  // That of the likely key after this one.
  };
  PathId unlikely_child(PathId parent, std::string_view key);
  PathId add_path(PathId parent, std::string_view key);

  Interner paths_;  // Under the tag of reachable paths, or each under a tag of its own.
  std::uint32_t unreachable_ = 0;
  Interner ways_;               // A key under the number of its parent.
  std::vector<Step> steps_;     // By way; the first is no way.
  std::uint32_t last_way_ = 0;  // That was asked for.
};

}  // namespace trailsift
