#include "schema/uuid.h"

#include <algorithm>
#include <array>

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
  constexpr std::array<std::size_t, 4> kHyphens = {8, 13, 18, 23};
  if (text.size() != kUuidBytes) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = std::ranges::find(kHyphens, i) != kHyphens.end();
    if (hyphen ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
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
