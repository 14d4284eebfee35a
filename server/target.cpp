#include "server/target.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "schema/utf8.h"

namespace trailsift::server {
namespace {

/// The byte that two hexadecimal digits stand for, or -1.
int hex_byte(std::string_view digits) {
  unsigned value = 0;
  const char* const last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value, 16);
  return digits.size() == 2 && error == std::errc() && end == last ? static_cast<int>(value) : -1;
}

}  // namespace

Result<Target> parse_target(std::string_view target) {
  if (const std::size_t scheme = target.find("://");
      scheme != std::string_view::npos && scheme < target.find('/')) {
    target.remove_prefix(scheme + 3);
    target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
  }
  const std::size_t question = std::min(target.find('?'), target.size());
  // Before decoding: slashes that were encoded belong to a name.
  std::string encoded(target.substr(0, question));
  const auto repeated = [](char a, char b) { return a == '/' && b == '/'; };
  encoded.erase(std::unique(encoded.begin(), encoded.end(), repeated), encoded.end());
  auto path = percent_decode(encoded, false);
  if (!path) return tl::unexpected(path.error());
  if (path->empty()) *path = "/";
  const bool has_query = question < target.size();
  return Target{std::move(*path), std::string(has_query ? target.substr(question + 1) : "")};
}

Result<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int byte = hex_byte(text.substr(i + 1, 2));
      if (byte < 0) {
        return fail(ErrorCode::bad_request, "expected two hexadecimal digits after '%', got '" +
                                                to_utf8(text.substr(i + 1, 2)) + "'");
      }
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i] == '+' && plus_is_space ? ' ' : text[i];
    }
  }
  if (find_invalid_utf8(out))
    return fail(ErrorCode::bad_request, "expected UTF-8, got other bytes");
  return out;
}

}  // namespace trailsift::server
