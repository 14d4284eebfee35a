#include "schema/path_table.h"

#include <string>

namespace trailsift {
namespace {

constexpr std::uint32_t kReachable = 0;

}  // namespace

PathTable::PathTable() {
  add_unreachable("");  // The root, to which nothing leads.
}

PathId PathTable::add_unreachable(std::string_view text) {
  return paths_.intern(kReachable + ++unreachable_, text);
}

PathId PathTable::add_path(PathId parent, std::string_view key) {
  std::string text(this->text(parent));
  if (!text.empty()) text += '.';
  text += key;
  return paths_.intern(kReachable, text);
}

std::size_t PathTable::memory_bytes() const {
  return paths_.memory_bytes() + ways_.memory_bytes() + path_of_way_.capacity() * sizeof(PathId);
}

}  // namespace trailsift
