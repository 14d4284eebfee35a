#pragma once

#include <string>
#include <string_view>

namespace trailsift::store {

/// Bytes of term_hash().
constexpr std::size_t kTermHashBytes = 32;

/// 128 bits of the SHA-256 of `text` in lower-case hexadecimal: two long values that somebody
/// chose must not collide.
std::string term_hash(std::string_view text);

}  // namespace trailsift::store
