#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_pkey_st;

namespace trailsift::indexer::testing {

/// An RSA key pair of its own, as CloudTrail has one for each region.
class SigningKey {
 public:
  explicit SigningKey(unsigned bits = 2048);

  std::string pkcs1_der() const;
  std::string spki_der() const;
  /// The hexadecimal PKCS#1 v1.5 signature with SHA-256.
  std::string sign(std::string_view text) const;

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

std::string md5_hex(std::string_view bytes);

}  // namespace trailsift::indexer::testing
