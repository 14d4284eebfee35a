#include "query/quote.h"

#include "schema/utf8.h"

namespace trailsift::query {
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
  const std::string_view shown = beginning_of(text, kLongest);
  return without_controls(shown) + (shown.size() < text.size() ? "..." : "");
}

std::string in_quotes(std::string_view text) {
  return "'" + shortened(text) + "'";
}

}  // namespace trailsift::query
