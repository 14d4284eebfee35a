#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "indexer/object_store.h"

namespace trailsift::indexer {

/// A tree as `aws s3 sync s3://BUCKET/KEY_PREFIX ROOT` leaves it: every bucket's name stands for
/// this tree, and keys without `key_prefix` (empty, or ending in '/') are not in it. Symbolic links
/// below the root are not followed; keys that no file can have, such as `a/../b`, are not found.
/// Objects of more than 512 MiB are too_large.
///
/// Metadata is in files beside the objects: `KEY.metadata.json` holds what
/// `aws s3api head-object --bucket BUCKET --key KEY` prints.
std::unique_ptr<ObjectStore> directory_store(std::filesystem::path root, std::string key_prefix);

}  // namespace trailsift::indexer
