#pragma once

#include <string_view>

namespace trailsift {

/// Bytes of a UUID as AWS writes it: 8, 4, 4, 4 and 12 hexadecimal digits, joined by hyphens.
constexpr std::size_t kUuidBytes = 36;

/// Whether `text` is a UUID in lower case.
bool is_uuid(std::string_view text);

/// Whether a piece of some UUID could begin so, or be so when it is complete.
bool may_begin_in_uuid(std::string_view beginning);
bool may_stand_in_uuid(std::string_view piece);

}  // namespace trailsift
