#include "indexer/quoted.h"

#include <algorithm>

#include "indexer/utf8.h"

namespace trailsift::indexer {
namespace {

bool is_control(char byte) {
  return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
}

/// The last place up to `max_bytes` at which no character is cut.
std::size_t cut_of(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text.size();
  std::size_t cut = max_bytes;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0U) == 0x80U) --cut;
  return cut == 0 ? max_bytes : cut;
}

}  // namespace

std::string quoted(std::string_view text, std::size_t max_bytes) {
  const std::size_t cut = cut_of(text, max_bytes);
  std::string shown = valid_utf8(text.substr(0, cut));
  std::ranges::replace_if(shown, is_control, '?');
  return '\'' + shown + (cut < text.size() ? "…" : "") + '\'';
}

}  // namespace trailsift::indexer
