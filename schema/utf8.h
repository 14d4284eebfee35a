#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// UTF-8, where any bytes may stand. A byte that is part of no well-formed sequence counts as a
/// character of its own, which is not valid; so do the bytes of overlong forms, of surrogates and
/// of what lies beyond U+10FFFF.
namespace trailsift {

struct Character {
  char32_t code_point = 0;  // Of one that is not valid: its byte.
  std::size_t size = 1;     // In bytes.
  bool is_valid = false;
};

/// The one that `text`, which is not empty, begins with.
Character first_character(std::string_view text);

constexpr bool is_ascii(char byte) {
  return static_cast<unsigned char>(byte) < 0x80;
}

constexpr bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char byte) { return is_ascii(byte); });
}

/// Whether the byte is one of a sequence, and not the first.
constexpr bool continues_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// Of valid text.
std::size_t count_characters(std::string_view text);

/// At most `most` bytes that `text` begins with, cut between two characters.
std::string_view beginning_of(std::string_view text, std::size_t most);

/// Position of the first byte of a character that is not valid.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

/// `text` with U+FFFD in place of each character that is not valid: JSON and XML can hold no
/// others.
std::string to_utf8(std::string_view text);

void append_utf8(std::string& out, char32_t code_point);

/// `text` with a '?' in place of each control character, which terminals would obey: those of
/// ASCII, and U+0080 to U+009F.
std::string without_controls(std::string_view text);

}  // namespace trailsift
