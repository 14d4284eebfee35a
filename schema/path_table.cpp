#include "schema/path_table.h"

#include <limits>
#include <string>

namespace trailsift {
namespace {

constexpr std::uint32_t kReachable = 0;
constexpr PathId kNoPath = std::numeric_limits<PathId>::max();

}  // namespace

PathTable::PathTable() {
  add_unreachable("");  // The root, to which nothing leads.
  ways_.intern(kNoPath, "");
  steps_.emplace_back();
}

PathId PathTable::add_unreachable(std::string_view text) {
  return paths_.intern(kReachable + ++unreachable_, text);
}

PathId PathTable::unlikely_child(PathId parent, std::string_view key) {
  const std::uint32_t way = ways_.intern(parent, key);
  if (way == steps_.size()) steps_.push_back({add_path(parent, key)});
  if (key.find_first_of("\"\\") == std::string_view::npos) steps_[last_way_].next = way;
  last_way_ = way;
  return steps_[way].path;
}

PathId PathTable::add_path(PathId parent, std::string_view key) {
  std::string text(this->text(parent));
  if (!text.empty()) text += '.';
  text += key;
  return paths_.intern(kReachable, text);
}

std::size_t PathTable::memory_bytes() const {
  return paths_.memory_bytes() + ways_.memory_bytes() + steps_.capacity() * sizeof(Step);
}

}  // namespace trailsift
