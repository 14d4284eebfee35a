#include "query/base64url.h"

#include <cstdint>

namespace trailsift::query {
namespace {

constexpr std::string_view kDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned kDigitBits = 6;
constexpr unsigned kByteBits = 8;

/// The lowest `bits` bits of `value`.
std::uint32_t low(std::uint32_t value, unsigned bits) {
  return value & ((1U << bits) - 1U);
}

}  // namespace

std::string encode_base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    buffer = (low(buffer, bits) << kByteBits) | static_cast<unsigned char>(byte);
    for (bits += kByteBits; bits >= kDigitBits; bits -= kDigitBits) {
      text += kDigits[low(buffer >> (bits - kDigitBits), kDigitBits)];
    }
  }
  if (bits > 0) text += kDigits[low(buffer, bits) << (kDigitBits - bits)];
  return text;
}

std::optional<std::string> decode_base64url(std::string_view text) {
  std::string bytes;
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (const char digit : text) {
    const auto value = kDigits.find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    buffer = (low(buffer, bits) << kDigitBits) | static_cast<std::uint32_t>(value);
    bits += kDigitBits;
    if (bits < kByteBits) continue;
    bits -= kByteBits;
    bytes += static_cast<char>(low(buffer >> bits, kByteBits));
  }
  // What is left over is filler: fewer bits than a digit, all zero.
  if (bits >= kDigitBits || low(buffer, bits) != 0) return std::nullopt;
  return bytes;
}

}  // namespace trailsift::query
