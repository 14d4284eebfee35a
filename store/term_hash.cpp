#include "store/term_hash.h"

#include <array>
#include <cstdlib>

#include <openssl/evp.h>

namespace trailsift::store {

std::string term_hash(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  // SHA-256 fails only when the library itself is broken, and then no term can be trusted.
  if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) {
    std::abort();
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hash;
  for (std::size_t i = 0; i < kTermHashBytes / 2; ++i) {
    hash += kDigits[digest.at(i) >> 4U];
    hash += kDigits[digest.at(i) & 15U];
  }
  return hash;
}

}  // namespace trailsift::store
