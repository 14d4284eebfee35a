#pragma once

#include <memory>
#include <stop_token>

#include "aws/s3.h"
#include "indexer/object_store.h"

namespace trailsift::indexer {

/// Buckets themselves, with the metadata of their objects. Objects of more than 512 MiB are
/// too_large; other errors are those of aws::S3, `cancelled` once `stop` is requested. Borrows
/// `s3`.
std::unique_ptr<ObjectStore> s3_store(aws::S3& s3, std::stop_token stop);

}  // namespace trailsift::indexer
