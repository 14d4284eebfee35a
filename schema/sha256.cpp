#include "schema/sha256.h"

#include <array>
#include <new>
#include <stdexcept>

#include <openssl/evp.h>

namespace trailsift {
namespace {

// SHA-256 fails only when the library itself is broken, and then nothing can be trusted.
void demand(int status) {
  if (status != 1) throw std::runtime_error("OpenSSL cannot compute SHA-256");
}

/// EVP_sha256() is looked up anew for each text, which takes longer than a short text itself.
const EVP_MD* algorithm() {
  static const EVP_MD* const kAlgorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kAlgorithm;
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const {
  EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (!context_) throw std::bad_alloc();
  begin();
}

void Sha256::begin() {
  demand(EVP_DigestInit_ex2(context_.get(), algorithm(), nullptr));
}

void Sha256::update(std::string_view bytes) {
  demand(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

std::string Sha256::hex() {
  std::array<char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  demand(
      EVP_DigestFinal_ex(context_.get(), reinterpret_cast<unsigned char*>(digest.data()), &size));
  begin();
  return hex_of({digest.data(), size});
}

std::string sha256_hex(std::string_view bytes) {
  thread_local Sha256 hash;
  hash.update(bytes);
  return hash.hex();
}

std::string hex_of(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(bytes.size() * 2);
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    hex += kDigits[value >> 4U];
    hex += kDigits[value & 15U];
  }
  return hex;
}

}  // namespace trailsift
