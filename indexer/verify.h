#pragma once

#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include "indexer/object_store.h"
#include "indexer/public_keys.h"
#include "indexer/verdict.h"

namespace trailsift::indexer {

struct VerifyOptions {
  std::string bucket = {};  ///< Empty: a tree, whose digests name their bucket.
  std::string prefix = {};  ///< Of the keys to look at: where `AWSLogs/` lies, or deeper.
  std::optional<Timestamp> from = {};                ///< Delivered at or after.
  std::optional<Timestamp> to = {};                  ///< Delivered at or before.
  std::set<std::string, std::less<>> accounts = {};  ///< Empty: every one.
  std::set<std::string, std::less<>> regions = {};   ///< Empty: every one.
  unsigned threads = 0;  ///< That read log files; 0 means as many as cores.
};

struct VerifyAccount {
  struct Count {
    std::uint64_t valid = 0, invalid = 0, unverified = 0;
  };
  Count digests, backfill_digests, logs;
  std::uint64_t gaps = 0;
  /// The time that valid digests cover, within the range asked for.
  std::optional<Timestamp> found_from, found_to;

  bool is_clean() const {
    return digests.invalid == 0 && backfill_digests.invalid == 0 && logs.invalid == 0;
  }
};

/// Verifies every digest chain that `store` holds, each log file that the digests list, and looks
/// for log files that none lists. Memory: the keys of one account's digests in one region, 8 bytes
/// for each log file there, and as many log files, compressed, as there are threads. An error when
/// the store cannot be listed or public keys cannot be had. When `stop` is requested, what was
/// found until then is told.
Result<VerifyAccount> verify(ObjectStore& store, PublicKeys& keys, const VerifyOptions& options,
                             VerdictSink& sink, std::stop_token stop);

}  // namespace trailsift::indexer
