#include "indexer/base64.h"

#include <algorithm>
#include <climits>
#include <cstddef>

#include <openssl/evp.h>

namespace trailsift::indexer {
namespace {

constexpr std::size_t kQuantum = 4;

/// OpenSSL passes over white space and takes '=' anywhere.
bool is_alphabet(char byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
         (byte >= '0' && byte <= '9') || byte == '+' || byte == '/';
}

}  // namespace

std::optional<std::string> decode_base64(std::string_view text) {
  if (text.size() % kQuantum != 0 || text.size() > INT_MAX) return std::nullopt;
  const std::size_t letters = text.find_last_not_of('=') + 1;
  const std::size_t padding = text.size() - letters;
  if (padding > 2 || !std::ranges::all_of(text.substr(0, letters), is_alphabet)) {
    return std::nullopt;
  }
  std::string bytes(text.size() / kQuantum * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace trailsift::indexer
