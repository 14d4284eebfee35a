#pragma once

#include <memory>
#include <stop_token>

#include "aws/cloudtrail.h"
#include "indexer/public_keys.h"

namespace trailsift::indexer {

/// The keys as CloudTrail tells them (ListPublicKeys): those of a region around the day of a digest
/// are asked for when its key is not known yet, once for each region and day. A region or time that
/// CloudTrail refuses has no keys; other errors are those of aws::CloudTrail. Borrows `cloudtrail`.
std::unique_ptr<PublicKeys> cloudtrail_keys(aws::CloudTrail& cloudtrail, std::stop_token stop);

}  // namespace trailsift::indexer
