#pragma once

#include <optional>
#include <string>

#include "indexer/digest.h"
#include "indexer/digest_key.h"
#include "indexer/object_store.h"
#include "indexer/public_keys.h"
#include "indexer/verdict.h"

namespace trailsift::indexer {

/// What the next newer digest says of a digest.
struct ExpectedDigest {
  std::optional<std::string> signature;
  std::optional<std::string> sha256;
  bool trusted = false;  ///< The newer one is not known to be invalid.
};

struct CheckedDigest {
  FileVerdict verdict;
  std::optional<Digest> digest;  ///< When it could be parsed.
};

/// Looks at single digests. Borrows both. One thread.
class DigestChecker {
 public:
  DigestChecker(ObjectStore& store, PublicKeys& keys) : store_(store), keys_(keys) {}

  /// Fetches and verifies the digest `key` of `bucket` (empty: whichever bucket the digest names).
  /// An error ends the verification: the public keys could not be had.
  Result<CheckedDigest> check(const std::string& bucket, const DigestKey& key,
                              const std::optional<ExpectedDigest>& expected);

  /// What the digest `key` says of `previous`, be it valid itself or not; nullopt when it cannot be
  /// read or continues another one. For a store without metadata, where nothing else may say it.
  std::optional<ExpectedDigest> testimony(const std::string& bucket, const DigestKey& key,
                                          const std::string& previous);

 private:
  Result<CheckedDigest> verify(const std::string& bucket, const DigestKey& key,
                               const ObjectStore::Object& object,
                               const std::optional<ExpectedDigest>& expected);
  Result<FileVerdict> verify_signature(const Digest& digest, const DigestKey& key,
                                       const ObjectStore::Object& object,
                                       const std::optional<ExpectedDigest>& expected);

  ObjectStore& store_;
  PublicKeys& keys_;
};

/// Fetches a log file that a digest lists and compares it. Any thread. When `digest_is_valid` is
/// false, a file that fits is unverified.
FileVerdict check_log_file(ObjectStore& store, const DigestLogFile& file, bool digest_is_valid);

}  // namespace trailsift::indexer
