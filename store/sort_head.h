#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace trailsift::store {

/// The first bytes of a text as a number: texts with different heads are in the order of these, and
/// most comparisons of a sort are decided so, without a look at the texts.
inline std::uint64_t sort_head(std::string_view text) {
  std::uint64_t head = 0;
  std::memcpy(&head, text.data(), std::min(text.size(), sizeof(head)));
  static_assert(std::endian::native == std::endian::little);
  return __builtin_bswap64(head);
}

}  // namespace trailsift::store
