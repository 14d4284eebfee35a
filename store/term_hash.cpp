#include "store/term_hash.h"

#include <array>
#include <cstdlib>

#include <openssl/evp.h>

namespace trailsift::store {

namespace {

/// What EVP_Digest() looks up and allocates anew each time.
class Sha256 {
 public:
  Sha256() : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {}
  ~Sha256() {
    EVP_MD_CTX_free(context_);
    EVP_MD_free(algorithm_);
  }
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

  Digest of(std::string_view text) {
    Digest digest{};
    const bool done = EVP_DigestInit_ex2(context_, algorithm_, nullptr) == 1 &&
                      EVP_DigestUpdate(context_, text.data(), text.size()) == 1 &&
                      EVP_DigestFinal_ex(context_, digest.data(), nullptr) == 1;
    // It fails only when the library itself is broken, and then no term can be trusted.
    if (!done) std::abort();
    return digest;
  }

 private:
  EVP_MD* const algorithm_;
  EVP_MD_CTX* const context_;
};

}  // namespace

std::string term_hash(std::string_view text) {
  thread_local Sha256 sha256;
  const auto digest = sha256.of(text);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hash;
  for (std::size_t i = 0; i < kTermHashBytes / 2; ++i) {
    hash += kDigits[digest.at(i) >> 4U];
    hash += kDigits[digest.at(i) & 15U];
  }
  return hash;
}

}  // namespace trailsift::store
