#include "schema/uuid.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace trailsift {
namespace {

/// One of the five parts between hyphens.
struct Group {
  std::size_t begin;  // In the binary form.
  std::size_t digits;
};
constexpr std::array kGroups = {Group{0, 8}, Group{4, 4}, Group{6, 4}, Group{8, 4}, Group{10, 12}};

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr unsigned kDigitBits = 4;

bool is_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/// 1 for each digit, by byte: whether a text is a UUID is asked millions of times, and branches on
/// its digits are mispredicted.
constexpr std::array<std::uint8_t, 256> kIsDigit = [] {
  std::array<std::uint8_t, 256> table{};
  for (const char digit : kDigits) table.at(static_cast<std::uint8_t>(digit)) = 1;
  return table;
}();

unsigned digit_value(char digit) {
  return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10);
}

char packed_digits(char high, char low) {
  return static_cast<char>(digit_value(high) << kDigitBits | digit_value(low));
}

}  // namespace

bool is_uuid(std::string_view text) {
  // Hyphens first: nearly all texts that are no UUID end here.
  if (text.size() != kUuidBytes || text[8] != '-' || text[13] != '-' || text[18] != '-' ||
      text[23] != '-') {
    return false;
  }
  unsigned digits = 0;
  for (const char c : text) digits += kIsDigit[static_cast<std::uint8_t>(c)];
  return digits == 2 * kPackedUuidBytes;
}

void pack_uuid(std::string_view uuid, std::string& out) {
  for (std::size_t i = 0; i < uuid.size(); i += 2) {
    if (uuid[i] == '-') ++i;
    out += packed_digits(uuid[i], uuid[i + 1]);
  }
}

void unpack_uuid(std::string_view packed, std::string& out) {
  out.assign(kUuidBytes, '\0');
  char* at = out.data();
  for (std::size_t i = 0; i < packed.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *at++ = '-';
    const auto byte = static_cast<std::uint8_t>(packed[i]);
    *at++ = kDigits[byte >> kDigitBits];
    *at++ = kDigits[byte & 0xFU];
  }
}

UuidPiece::UuidPiece(std::string_view piece, bool complete)
    : digits_(piece.size()), complete_(complete) {
  possible_ =
      std::ranges::all_of(piece, is_digit) && std::ranges::any_of(kGroups, [&](const Group& group) {
        return complete ? digits_ == group.digits : digits_ <= group.digits;
      });
  for (std::size_t i = 0; possible_ && i < digits_; i += 2) {
    bytes_.at(i / 2) = packed_digits(piece[i], i + 1 < digits_ ? piece[i + 1] : '0');
  }
}

bool UuidPiece::stands_in(std::string_view packed) const {
  if (packed.size() != kPackedUuidBytes) return false;
  return std::ranges::any_of(kGroups, [&](const Group& group) {
    const bool fits = complete_ ? digits_ == group.digits : digits_ <= group.digits;
    return fits && begins_at(packed.data() + group.begin);
  });
}

bool UuidPiece::begins_at(const char* group) const {
  const std::size_t whole = digits_ / 2;
  if (std::memcmp(group, bytes_.data(), whole) != 0) return false;
  if (digits_ % 2 == 0) return true;
  // The odd digit is the high half of one more byte.
  return static_cast<std::uint8_t>(group[whole]) >> kDigitBits ==
         static_cast<std::uint8_t>(bytes_.at(whole)) >> kDigitBits;
}

}  // namespace trailsift
