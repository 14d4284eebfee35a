#include "schema/uuid.h"

#include <algorithm>
#include <cstddef>

namespace trailsift {
namespace {

constexpr std::size_t kFirstGroup = 8;
constexpr std::size_t kMiddleGroup = 4;
constexpr std::size_t kLastGroup = 12;

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

}  // namespace

bool is_uuid(std::string_view text) {
  // Hyphens first: nearly all texts that are no UUID end here.
  if (text.size() != kUuidBytes || text[8] != '-' || text[13] != '-' || text[18] != '-' ||
      text[23] != '-') {
    return false;
  }
  std::size_t digits = 0;
  for (const char c : text) digits += is_hex(c) ? 1 : 0;
  return digits == kUuidBytes - 4;
}

bool may_begin_in_uuid(std::string_view beginning) {
  return beginning.size() <= kLastGroup && std::ranges::all_of(beginning, is_hex);
}

bool may_stand_in_uuid(std::string_view piece) {
  const std::size_t size = piece.size();
  return (size == kFirstGroup || size == kMiddleGroup || size == kLastGroup) &&
         std::ranges::all_of(piece, is_hex);
}

}  // namespace trailsift
