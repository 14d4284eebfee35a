#include "aws/endpoint.h"

#include <algorithm>
#include <cstddef>

namespace trailsift::aws {
namespace {

bool is_lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// Such a name is one label of a host, so the certificate for *.s3.REGION… fits.
bool is_dns_label(std::string_view bucket) {
  return bucket.size() <= 63 &&
         std::ranges::all_of(bucket, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

}  // namespace

std::string_view name(Service service) {
  switch (service) {
    case Service::s3: return "s3";
    case Service::sqs: return "sqs";
    case Service::sns: return "sns";
    case Service::sts: return "sts";
    case Service::cloudtrail: return "cloudtrail";
  }
  return "";
}

std::string_view Endpoints::of(Service service) const {
  const auto own = [this, service]() -> const std::string& {
    switch (service) {
      case Service::s3: return s3;
      case Service::sqs: return sqs;
      case Service::sns: return sns;
      case Service::sts: return sts;
      case Service::cloudtrail: return cloudtrail;
    }
    return all;
  };
  return own().empty() ? all : own();
}

bool is_region_name(std::string_view text) {
  return text.size() >= 2 && text.size() <= 32 && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, [](char c) { return is_lower_or_digit(c) || c == '-'; });
}

bool is_bucket_name(std::string_view text) {
  const auto allowed = [](char c) {
    return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_';
  };
  const auto is_edge = [](char c) { return c != '-' && c != '.'; };
  return text.size() >= 3 && text.size() <= 255 && std::ranges::all_of(text, allowed) &&
         is_edge(text.front()) && is_edge(text.back()) && text.find("..") == std::string_view::npos;
}

std::string_view partition_of(std::string_view region) {
  if (region.starts_with("cn-")) return "aws-cn";
  if (region.starts_with("us-gov-")) return "aws-us-gov";
  return "aws";
}

Origin default_origin(Service service, std::string_view region) {
  const std::string_view suffix =
      partition_of(region) == "aws-cn" ? ".amazonaws.com.cn" : ".amazonaws.com";
  Origin origin{"https", std::string(name(service)), "", ""};
  if (!region.empty()) origin.host += "." + std::string(region);
  origin.host += suffix;
  return origin;
}

Result<BucketAddress> bucket_address(const Endpoints& endpoints, std::string_view region,
                                     std::string_view bucket) {
  if (!is_bucket_name(bucket))
    return fail(ErrorCode::bad_request,
                "expected the name of a bucket, got '" + std::string(bucket) + "'");
  std::string prefix = "/" + std::string(bucket);
  if (const auto text = endpoints.of(Service::s3); !text.empty()) {
    const auto origin = parse_origin(text);
    if (!origin) return tl::unexpected(origin.error());
    return BucketAddress{origin->text(), std::move(prefix)};
  }
  Origin origin = default_origin(Service::s3, region);
  if (!is_dns_label(bucket)) return BucketAddress{origin.text(), std::move(prefix)};
  origin.host = std::string(bucket) + "." + origin.host;
  return BucketAddress{origin.text(), ""};
}

}  // namespace trailsift::aws
