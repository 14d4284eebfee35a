#pragma once

namespace trailsift {

/// The letter in lower case, where it is one of ASCII's.
constexpr char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace trailsift
