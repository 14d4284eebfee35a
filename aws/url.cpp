#include "aws/url.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>

#include "schema/number.h"

namespace trailsift::aws {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_unreserved(char c) {
  return is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

std::string encode(std::string_view text, bool keep_slash) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || (keep_slash && c == '/')) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHexDigits[byte >> 4U];
    out += kHexDigits[byte & 0xFU];
  }
  return out;
}

bool is_port(std::string_view text) {
  const auto port = parse_number<std::uint16_t>(text);
  return port && *port > 0;
}

bool is_host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    text = text.substr(1, text.size() - 2);
    return !text.empty() && std::ranges::all_of(text, [](char c) {
      return std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == ':' || c == '.';
    });
  }
  return !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
    return is_alphanumeric(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_path(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return is_unreserved(c) || c == '/' || c == '%'; });
}

tl::unexpected<Error> bad_origin(std::string_view text) {
  return fail(ErrorCode::bad_request,
              "expected http[s]://HOST[:PORT][/PATH], got '" + std::string(text) + "'");
}

}  // namespace

std::string percent_encode(std::string_view text) {
  return encode(text, false);
}

std::string percent_encode_path(std::string_view text) {
  return encode(text, true);
}

Result<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    unsigned byte = 0;
    const char* const digits = text.data() + at + 1;
    if (text.size() - at < 3 || std::from_chars(digits, digits + 2, byte, 16).ptr != digits + 2)
      return fail(ErrorCode::bad_request, "expected two hexadecimal digits after '%'");
    out += static_cast<char>(byte);
    at += 2;
  }
  return out;
}

std::string encode_parameters(const Parameters& parameters) {
  Parameters encoded;
  encoded.reserve(parameters.size());
  for (const auto& [key, value] : parameters)
    encoded.emplace_back(percent_encode(key), percent_encode(value));
  std::ranges::sort(encoded);
  std::string out;
  for (const auto& [key, value] : encoded) {
    if (!out.empty()) out += '&';
    out += key;
    out += '=';
    out += value;
  }
  return out;
}

std::string make_url(std::string_view origin, std::string_view path, const Parameters& parameters) {
  std::string url(origin);
  url += percent_encode_path(path);
  if (!parameters.empty()) url += '?' + encode_parameters(parameters);
  return url;
}

std::string Origin::text() const {
  return scheme + "://" + host + (port.empty() ? "" : ":" + port) + path;
}

Result<Origin> parse_origin(std::string_view text) {
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return bad_origin(text);
  Origin origin;
  origin.scheme = text.substr(0, colon);
  if (origin.scheme != "http" && origin.scheme != "https") return bad_origin(text);
  const std::string_view rest = text.substr(colon + 3);
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  std::string_view path = rest.substr(slash);
  while (path.ends_with('/')) path.remove_suffix(1);

  const std::size_t bracket = authority.rfind(']');
  const std::size_t port = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (port != std::string_view::npos) {
    origin.port = authority.substr(port + 1);
    if (!is_port(origin.port)) return bad_origin(text);
    authority = authority.substr(0, port);
  }
  if (!is_host(authority) || !is_path(path)) return bad_origin(text);
  origin.host = authority;
  origin.path = path;
  return origin;
}

}  // namespace trailsift::aws
