#pragma once

#include <functional>
#include <string>
#include <vector>

#include "indexer/digest_key.h"
#include "indexer/object_store.h"
#include "indexer/verify.h"

namespace trailsift::indexer {

/// The digests of one account in one region, of every trail.
struct DigestFolder {
  std::string path;  ///< Up to and with `REGION/`.
  std::vector<DigestKey> keys;
  std::vector<DigestKey> later;  ///< Those of the next hours after the range asked for.
};

/// Tells each folder that holds digests which `options` ask for, in the order of the keys, with
/// those of its digests. Other folders are passed over without listing what is in them. False from
/// the visitor ends it.
Result<void> for_each_digest_folder(
    ObjectStore& store, const VerifyOptions& options,
    const std::function<Result<bool>(const DigestFolder& folder)>& visitor);

}  // namespace trailsift::indexer
