#include "tests/indexer/signing_key.h"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "schema/sha256.h"

namespace trailsift::indexer::testing {
namespace {

const unsigned char* bytes_at(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string encoded(const evp_pkey_st* key, int (*encode)(const EVP_PKEY*, unsigned char**)) {
  unsigned char* der = nullptr;
  const int size = encode(key, &der);
  if (size <= 0) throw std::runtime_error("OpenSSL cannot encode a key");
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

}  // namespace

SigningKey::SigningKey(unsigned bits) : key_(EVP_RSA_gen(bits), EVP_PKEY_free) {
  if (!key_) throw std::runtime_error("OpenSSL cannot make a key");
}

std::string SigningKey::pkcs1_der() const {
  return encoded(key_.get(), i2d_PublicKey);
}

std::string SigningKey::spki_der() const {
  return encoded(key_.get(), i2d_PUBKEY);
}

std::string SigningKey::sign(std::string_view text) const {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        EVP_MD_CTX_free);
  std::array<unsigned char, 1024> signature{};
  std::size_t size = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, bytes_at(text), text.size()) != 1) {
    throw std::runtime_error("OpenSSL cannot sign");
  }
  return hex_of({reinterpret_cast<const char*>(signature.data()), size});
}

std::string md5_hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr);
  return hex_of({reinterpret_cast<const char*>(digest.data()), size});
}

}  // namespace trailsift::indexer::testing
