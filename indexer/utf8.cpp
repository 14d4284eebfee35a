#include "indexer/utf8.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace trailsift::indexer {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// A form of characters: first byte, and the range of the second byte (the others are 80..BF).
struct Form {
  std::uint8_t first_low, first_high;
  std::uint8_t second_low, second_high;
  std::uint8_t size;
};

// The well-formed byte sequences of the Unicode standard, table 3-7.
constexpr std::array kForms = {
    Form{0xC2, 0xDF, 0x80, 0xBF, 2}, Form{0xE0, 0xE0, 0xA0, 0xBF, 3},
    Form{0xE1, 0xEC, 0x80, 0xBF, 3}, Form{0xED, 0xED, 0x80, 0x9F, 3},
    Form{0xEE, 0xEF, 0x80, 0xBF, 3}, Form{0xF0, 0xF0, 0x90, 0xBF, 4},
    Form{0xF1, 0xF3, 0x80, 0xBF, 4}, Form{0xF4, 0xF4, 0x80, 0x8F, 4},
};

std::uint8_t byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<std::uint8_t>(text[at]) : 0;
}

/// Bytes of the character that `text` begins with; 0 when it begins with none.
std::size_t character_size(std::string_view text) {
  const std::uint8_t first = byte_at(text, 0);
  if (first < 0x80) return 1;
  for (const Form& form : kForms) {
    if (first < form.first_low || first > form.first_high) continue;
    const std::uint8_t second = byte_at(text, 1);
    bool good = second >= form.second_low && second <= form.second_high;
    for (std::size_t at = 2; at < form.size; ++at) good = good && (byte_at(text, at) >> 6) == 2;
    return good ? form.size : 0;
  }
  return 0;
}

}  // namespace

std::string valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    valid += size == 0 ? kReplacement : text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return valid;
}

std::string shortened_utf8(std::string_view text, std::size_t most) {
  constexpr std::string_view kMore = "…";
  std::string valid = valid_utf8(text.substr(0, most + 1));
  if (valid.size() <= most) return valid;
  std::size_t end = most - kMore.size();
  while ((byte_at(valid, end) >> 6) == 2) --end;
  valid.resize(end);
  return valid.append(kMore);
}

}  // namespace trailsift::indexer
