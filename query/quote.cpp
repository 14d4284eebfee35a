#include "query/quote.h"

#include <algorithm>

namespace trailsift::query {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

bool is_continuation(unsigned byte) {
  return (byte & 0xC0U) == 0x80U;
}

/// The second byte of a sequence has less room after some first bytes: overlong forms, surrogates
/// and what lies beyond U+10FFFF are not UTF-8.
bool is_second_byte(unsigned first, unsigned second) {
  switch (first) {
    case 0xE0: return second >= 0xA0 && second <= 0xBF;
    case 0xED: return second >= 0x80 && second <= 0x9F;
    case 0xF0: return second >= 0x90 && second <= 0xBF;
    case 0xF4: return second >= 0x80 && second <= 0x8F;
    default: return is_continuation(second);
  }
}

/// 0 when no sequence begins so.
std::size_t length_after(unsigned first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) return 3;
  if (first >= 0xF0 && first <= 0xF4) return 4;
  return 0;
}

bool begins_with_sequence(std::string_view text, std::size_t length) {
  if (length == 0 || length > text.size()) return false;
  if (length == 1) return true;
  if (!is_second_byte(byte_at(text, 0), byte_at(text, 1))) return false;
  return std::ranges::all_of(text.substr(2, length - 2),
                             [](char c) { return is_continuation(static_cast<unsigned char>(c)); });
}

}  // namespace

std::string escaped(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote || c == '\\') out += '\\';
    out += c;
  }
  out += quote;
  return out;
}

std::string shortened(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  std::string out(text.substr(0, kLongest));
  if (text.size() > kLongest) {
    // Cut between characters, not inside one.
    std::size_t end = kLongest;
    while (end > 0 && is_continuation(byte_at(text, end))) --end;
    out.resize(end);
    out += "...";
  }
  std::ranges::replace_if(
      out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, '?');
  // Control characters of two bytes, which terminals obey as well.
  constexpr char kHead = '\xC2';
  for (std::size_t at = out.find(kHead); at != std::string::npos; at = out.find(kHead, at + 1)) {
    if (byte_at(out, at + 1) >= 0x80 && byte_at(out, at + 1) < 0xA0) out.replace(at, 2, "?");
  }
  return out;
}

std::string in_quotes(std::string_view text) {
  return "'" + shortened(text) + "'";
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = length_after(byte_at(text, at));
    if (!begins_with_sequence(text.substr(at), length)) return at;
    at += length;
  }
  return std::nullopt;
}

std::size_t sequence_length(std::string_view text) {
  return std::max<std::size_t>(1, length_after(byte_at(text, 0)));
}

}  // namespace trailsift::query
