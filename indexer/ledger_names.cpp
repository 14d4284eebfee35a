#include "indexer/ledger_names.h"

#include <algorithm>
#include <cstddef>

#include "indexer/quoted.h"
#include "store/term_hash.h"

namespace trailsift::indexer {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kNumberCharacters = "0123456789.-";
constexpr std::size_t kMostObjectBytes = 4096;
constexpr std::size_t kMostNameBytes = 256;
constexpr std::size_t kHexEtagBytes = 16;
constexpr unsigned char kNothing = 15;  // The second half of the last byte of an odd number.

bool consists_of(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

/// Two characters a byte, as their places in `alphabet`.
std::string in_halves(std::string_view text, std::string_view alphabet) {
  std::string packed;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::size_t high = alphabet.find(text[i]);
    const std::size_t low = i + 1 < text.size() ? alphabet.find(text[i + 1]) : kNothing;
    packed += static_cast<char>(high << 4U | low);
  }
  return packed;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Behind the last "T" that follows a day, such as 20240601; 0: there is none.
std::size_t end_of_day(std::string_view file) {
  constexpr std::size_t kDayDigits = 8;
  for (std::size_t t = file.rfind('T'); t != std::string_view::npos && t >= kDayDigits;
       t = file.rfind('T', t - 1)) {
    if (std::ranges::all_of(file.substr(t - kDayDigits, kDayDigits), is_digit)) return t + 1;
  }
  return 0;
}

/// Where the suffixes begin, such as ".json.gz": its length when there are none.
std::size_t begin_of_suffixes(std::string_view file) {
  const auto is_other = [](char c) { return c != '.' && (c < 'a' || c > 'z'); };
  const auto last = std::find_if(file.rbegin(), file.rend(), is_other);
  const auto from = static_cast<std::size_t>(file.rend() - last);
  return std::min(file.find('.', from), file.size());
}

}  // namespace

std::string name_key(const DeliveryName& name) {
  std::string text;
  for (const std::string* part : {&name.source, &name.object, &name.etag}) {
    text.append(std::to_string(part->size())).append(" ").append(*part);
  }
  return bytes_of_hex(store::term_hash(text));
}

std::string bytes_of_hex(std::string_view digits) {
  return in_halves(digits, kHexDigits);
}

DeliveryName kept_name(const DeliveryName& name) {
  return {shortened(name.source, kMostNameBytes), shortened(name.object, kMostObjectBytes),
          shortened(name.etag, kMostNameBytes)};
}

std::int64_t short_hash(std::string_view key) {
  std::uint32_t hash = 0;
  for (const char c : key.substr(0, sizeof hash)) hash = hash << 8U | static_cast<std::uint8_t>(c);
  return static_cast<std::int32_t>(hash);
}

ObjectParts split_object(std::string_view object) {
  std::size_t middle = object.rfind('/') + 1;  // npos + 1 is 0.
  middle += end_of_day(object.substr(middle));
  const std::size_t ending = middle + begin_of_suffixes(object.substr(middle));
  return {object.substr(0, middle), object.substr(middle, ending - middle), object.substr(ending)};
}

std::optional<std::string> packed_etag(std::string_view etag) {
  if (etag.size() == 2 * kHexEtagBytes && consists_of(etag, kHexDigits)) {
    return bytes_of_hex(etag);
  }
  const bool is_short = !etag.empty() && etag.size() <= 2 * (kHexEtagBytes - 1);
  if (!is_short || !consists_of(etag, kNumberCharacters)) return std::nullopt;
  return in_halves(etag, kNumberCharacters);
}

std::string unpacked_etag(std::string_view packed) {
  const std::string_view alphabet = packed.size() == kHexEtagBytes ? kHexDigits : kNumberCharacters;
  std::string text;
  for (const char c : packed) {
    const auto byte = static_cast<unsigned char>(c);
    for (const std::size_t half : {std::size_t{byte} >> 4U, std::size_t{byte} & 15U}) {
      if (half < alphabet.size()) text += alphabet[half];
    }
  }
  return text;
}

}  // namespace trailsift::indexer
