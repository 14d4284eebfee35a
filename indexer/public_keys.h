#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::indexer {

/// The keys that CloudTrail signs digests with. They are a region's own.
class PublicKeys {
 public:
  virtual ~PublicKeys() = default;

  /// The key with this fingerprint (lower-case hexadecimal MD5 of its DER bytes) that signed in
  /// `region` around `at`: its DER bytes, a PKCS#1 RSAPublicKey or a SubjectPublicKeyInfo. An
  /// unknown key is not_found; any other error ends the verification. One thread.
  virtual Result<std::string> find(const std::string& region, const std::string& fingerprint,
                                   Timestamp at) = 0;
};

/// Keys of a file, or of all files of a directory: the JSON that `aws cloudtrail list-public-keys`
/// prints, PEM or DER; a file may hold up to 1 MiB. They count for every region and time. An error
/// when a file holds no RSA key of at least 2048 bits.
Result<std::unique_ptr<PublicKeys>> public_keys_of(const std::filesystem::path& path);

/// Whether `signature` (hexadecimal digits of either case) is the key's RSA signature of `text`:
/// PKCS#1 v1.5 with SHA-256. A key that cannot be read is corrupt. Any thread.
Result<bool> is_signed(std::string_view text, std::string_view signature, std::string_view key_der);

}  // namespace trailsift::indexer
