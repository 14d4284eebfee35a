#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::indexer {

/// A log file that a digest vouches for.
struct DigestLogFile {
  std::string bucket;
  std::string key;
  std::string sha256;  ///< Of the inflated text: 64 lower-case hexadecimal digits.
};

/// A digest file of CloudTrail: the log files of an hour, and the digest before it.
struct Digest {
  std::string bucket;  ///< Where it was delivered.
  std::string key;
  std::string start_text;  ///< As it was written; the signature covers `end_text`.
  std::string end_text;
  Timestamp start;
  Timestamp end;
  std::string fingerprint;  ///< Of the public key: 32 lower-case hexadecimal digits.
  /// The digest before it; all four are absent in the first one of a chain.
  std::optional<std::string> previous_bucket;
  std::optional<std::string> previous_key;
  std::optional<std::string> previous_sha256;
  std::optional<std::string> previous_signature;
  std::vector<DigestLogFile> log_files;
  std::string sha256;  ///< Of the text that was parsed.
};

/// Reads a digest's inflated text. What is no digest is `corrupt`, with the member that is wrong.
/// The caller limits the size of the text; memory is a small multiple of it.
Result<Digest> parse_digest(std::string_view json);

/// The text that CloudTrail signs for this digest.
std::string string_to_sign(const Digest& digest);

}  // namespace trailsift::indexer
