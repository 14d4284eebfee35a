#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace trailsift::store {

/// Sorts what stands from `begin` on by a member, and keeps one of those that have it in common.
/// Without std::ranges::unique, which clang 14 cannot compile from the library of GCC 12.
template <class T, class Key>
void keep_distinct(std::vector<T>& items, std::size_t begin, Key T::*key) {
  const auto first = items.begin() + static_cast<std::ptrdiff_t>(begin);
  std::sort(first, items.end(), [key](const T& a, const T& b) { return a.*key < b.*key; });
  items.erase(
      std::unique(first, items.end(), [key](const T& a, const T& b) { return a.*key == b.*key; }),
      items.end());
}

}  // namespace trailsift::store
