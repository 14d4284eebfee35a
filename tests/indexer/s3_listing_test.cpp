#include "indexer/s3_listing.h"

#include <string>

#include <gtest/gtest.h>

namespace trailsift::indexer {
namespace {

TEST(S3Url, NamesABucketAndAPrefix) {
  const struct {
    std::string url, bucket, prefix;  // An empty bucket: refused.
  } kCases[] = {
      {"s3://bucket", "bucket", ""},
      {"s3://bucket/", "bucket", ""},
      {"s3://bucket/AWSLogs", "bucket", "AWSLogs"},
      {"s3://bucket/AWSLogs/", "bucket", "AWSLogs/"},
      {"s3://bucket//a b+%?#", "bucket", "/a b+%?#"},
      {"s3://my.bucket.of-logs/x", "my.bucket.of-logs", "x"},
      {"s3://bucket/" + std::string(1024, 'x'), "bucket", std::string(1024, 'x')},
      {"s3://bucket/" + std::string(1025, 'x'), "", ""},
      {"s3://", "", ""},
      {"s3:///AWSLogs", "", ""},
      {"s3://b/AWSLogs", "", ""},
      {"s3://bu cket/", "", ""},
      {"s3://user@bucket/", "", ""},
      {"s3://bucket:80/", "", ""},
      {"S3://bucket/", "", ""},
      {"https://bucket.s3.amazonaws.com/", "", ""},
  };
  for (const auto& c : kCases) {
    const auto place = parse_s3_url(c.url);
    ASSERT_EQ(place.has_value(), !c.bucket.empty()) << c.url;
    if (!place) {
      EXPECT_EQ(place.error().code, ErrorCode::bad_request);
      continue;
    }
    EXPECT_EQ(place->bucket, c.bucket);
    EXPECT_EQ(place->prefix, c.prefix);
  }
}

}  // namespace
}  // namespace trailsift::indexer
