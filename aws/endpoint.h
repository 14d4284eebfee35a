#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "aws/url.h"
#include "schema/error.h"

namespace trailsift::aws {

enum class Service : std::uint8_t { s3, sqs, sns, sts, cloudtrail };

/// "s3": the name in hosts, signatures, IAM actions and messages.
std::string_view name(Service service);

/// URLs to use instead of AWS's, "": AWS's. `all` is for services without one of their own.
struct Endpoints {
  std::string all;
  std::string s3;
  std::string sqs;
  std::string sns;
  std::string sts;
  std::string cloudtrail;

  std::string_view of(Service service) const;
};

/// The shape of a region ("eu-west-1"): lower case letters, digits and hyphens, at most 32. What
/// comes from outside must have it before it becomes part of a host.
bool is_region_name(std::string_view text);

/// 3 to 63 of a-z 0-9 . - as S3 demands of a bucket's name (and '_' and capitals of old ones, up to
/// 255, in path style only).
bool is_bucket_name(std::string_view text);

/// "aws", "aws-cn" or "aws-us-gov": the second part of ARNs of `region`.
std::string_view partition_of(std::string_view region);

/// https://SERVICE.REGION.amazonaws.com[.cn]
Origin default_origin(Service service, std::string_view region);

/// Where the objects of a bucket are asked for: path style for overridden endpoints and for names
/// that do not fit a certificate (dots, capitals), otherwise
/// https://BUCKET.s3.REGION.amazonaws.com.
struct BucketAddress {
  std::string origin;
  std::string path_prefix;  ///< "/BUCKET" in path style, otherwise "".
};
Result<BucketAddress> bucket_address(const Endpoints& endpoints, std::string_view region,
                                     std::string_view bucket);

}  // namespace trailsift::aws
