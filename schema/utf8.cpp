#include "schema/utf8.h"

#include <array>
#include <cstdint>
#include <cstring>

#include <utf8proc.h>

namespace trailsift {
namespace {

/// Bytes that the text begins with and that are ASCII, or somewhat fewer: eight at a time, as most
/// texts are nothing else.
std::size_t skip_ascii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::size_t size = 0;
  for (std::uint64_t bytes; size + sizeof(bytes) <= text.size(); size += sizeof(bytes)) {
    std::memcpy(&bytes, text.data() + size, sizeof(bytes));
    if ((bytes & kHighBits) != 0) break;
  }
  return size;
}

bool is_control(char32_t code_point) {
  return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
}

}  // namespace

Character first_character(std::string_view text) {
  if (is_ascii(text.front())) return {static_cast<unsigned char>(text.front()), 1, true};
  utf8proc_int32_t code_point = 0;
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const auto size =
      utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &code_point);
  if (size <= 0) return {static_cast<unsigned char>(text.front()), 1, false};
  return {static_cast<char32_t>(code_point), static_cast<std::size_t>(size), true};
}

std::size_t count_characters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues_character));
}

std::string_view beginning_of(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  constexpr std::size_t kMostContinuing = 3;
  for (std::size_t back = 0; back <= std::min(kMostContinuing, most); ++back) {
    if (!continues_character(text[most - back])) return text.substr(0, most - back);
  }
  return text.substr(0, most);
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  for (std::size_t at = skip_ascii(text); at < text.size();) {
    const Character character = first_character(text.substr(at));
    if (!character.is_valid) return at;
    at += character.size;
    at += skip_ascii(text.substr(at));
  }
  return std::nullopt;
}

std::string to_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (const auto at = find_invalid_utf8(text)) {
    out.append(text.substr(0, *at)).append("\uFFFD");
    text.remove_prefix(*at + 1);
  }
  return out.append(text);
}

void append_utf8(std::string& out, char32_t code_point) {
  std::array<utf8proc_uint8_t, 4> bytes{};
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes.data());
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
}

std::string without_controls(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Character character = first_character(text);
    const bool harmful = character.is_valid && is_control(character.code_point);
    out += harmful ? std::string_view("?") : text.substr(0, character.size);
    text.remove_prefix(character.size);
  }
  return out;
}

}  // namespace trailsift
