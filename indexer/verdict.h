#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "indexer/integrity_table.h"
#include "schema/time.h"

namespace trailsift::indexer {

/// Whether a file is what CloudTrail delivered.
enum class Status : std::uint8_t {
  valid,
  invalid,     ///< Something is wrong with it.
  unverified,  ///< Nothing speaks for it or against it.
};

/// Why a file is not valid.
enum class Reason : std::uint8_t {
  none,
  not_found,
  unreadable,           ///< Its bytes could not be had.
  invalid_format,       ///< Not a gzip member with the right content.
  trailing_data,        ///< Bytes follow the compressed stream.
  moved,                ///< A digest that says it lies elsewhere.
  unknown_key,          ///< A digest signed with a key that is not CloudTrail's.
  signature_failed,     ///< A digest that was changed.
  signature_unknown,    ///< A digest whose signature is kept nowhere.
  chain_mismatch,       ///< A digest with another hash than the next one says.
  off_chain,            ///< A digest that no other continues, and without a signature.
  hash_mismatch,        ///< A log file that was changed.
  digest_not_verified,  ///< A log file that only such digests list.
  unlisted,             ///< A log file that none of the digests of its time lists.
  not_covered,          ///< A log file of a time without a valid digest.
  not_yet_covered,      ///< A log file newer than the newest digest.
};

/// The reason's stable name, such as "hash_mismatch".
std::string_view name(Reason reason);
/// The status's stable name, such as "valid".
std::string_view name(Status status);

/// What verifying one file came to.
struct FileVerdict {
  enum class Kind : std::uint8_t { digest, log };
  Kind kind = Kind::log;
  std::string name;       ///< As ObjectStore::name() gives it.
  bool backfill = false;  ///< Of a digest, or listed by one.
  Status status = Status::valid;
  Reason reason = Reason::none;
  std::string detail;                           ///< For people; empty when valid.
  Integrity integrity = Integrity::unverified;  ///< Of a log file.
};

/// A stretch of time without a digest.
struct DigestGap {
  Timestamp from, to;
  bool backfill = false;
  /// The chain did not end there, a digest is missing: more may be.
  bool after_missing = false;
};

/// Takes what is found, in order: each digest, then its log files. One thread.
class VerdictSink {
 public:
  virtual ~VerdictSink() = default;
  virtual void on_file(const FileVerdict& verdict) = 0;
  virtual void on_gap(const DigestGap& gap) = 0;
};

}  // namespace trailsift::indexer
