#include "aws/endpoint.h"

#include <string>

#include <gtest/gtest.h>

#include "aws/sqs_json.h"

namespace trailsift::aws {
namespace {

TEST(Endpoint, FindsTheHostOfAService) {
  EXPECT_EQ(default_origin(Service::sqs, "eu-west-1").text(),
            "https://sqs.eu-west-1.amazonaws.com");
  EXPECT_EQ(default_origin(Service::cloudtrail, "cn-north-1").text(),
            "https://cloudtrail.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(default_origin(Service::sts, "").text(), "https://sts.amazonaws.com");
}

TEST(Endpoint, FindsTheHostOfABucket) {
  const struct {
    const char* endpoint;
    const char* region;
    const char* bucket;
    const char* want;  // "": refused
  } cases[] = {
      {"", "eu-west-1", "my-trail", "https://my-trail.s3.eu-west-1.amazonaws.com|"},
      {"", "cn-north-1", "my-trail", "https://my-trail.s3.cn-north-1.amazonaws.com.cn|"},
      {"", "eu-west-1", "my.trail", "https://s3.eu-west-1.amazonaws.com|/my.trail"},
      {"", "us-east-1", "Old_Trail", "https://s3.us-east-1.amazonaws.com|/Old_Trail"},
      {"http://127.0.0.1:9000", "eu-west-1", "my-trail", "http://127.0.0.1:9000|/my-trail"},
      {"", "eu-west-1", "a", ""},
      {"", "eu-west-1", "evil.example.net/", ""},
      {"", "eu-west-1", "evil@host", ""},
      {"", "eu-west-1", "a..b", ""},
      {"", "eu-west-1", "-trail", ""},
      {"", "eu-west-1", "trail:80", ""},
      {"", "eu-west-1", "trail#x", ""},
      {"", "eu-west-1", "tr\xC3\xA4il", ""},
  };
  for (const auto& c : cases) {
    Endpoints endpoints;
    endpoints.s3 = c.endpoint;
    const auto address = bucket_address(endpoints, c.region, c.bucket);
    EXPECT_EQ(address ? address->origin + "|" + address->path_prefix : "", c.want) << c.bucket;
  }
}

TEST(Endpoint, KnowsRegions) {
  for (const char* text : {"eu-west-1", "us-gov-west-1", "cn-north-1", "local"})
    EXPECT_TRUE(is_region_name(text)) << text;
  for (const char* text : {"", "a", "eu-west-1.evil.net", "EU", "eu/west", "-eu", "eu-", "eu west"})
    EXPECT_FALSE(is_region_name(text)) << text;
}

TEST(Endpoint, ReadsNamesOfQueues) {
  const struct {
    const char* queue;
    bool overridden;
    const char* want;  // region|account|name, "": refused
  } cases[] = {
      {"https://sqs.eu-west-1.amazonaws.com/111122223333/trail", false, "eu-west-1||trail"},
      {"https://sqs.cn-north-1.amazonaws.com.cn/111122223333/trail", false, "cn-north-1||trail"},
      {"https://eu-west-1.queue.amazonaws.com/111122223333/trail", false, "eu-west-1||trail"},
      {"https://queue.amazonaws.com/111122223333/trail", false, "us-east-1||trail"},
      {"http://127.0.0.1:9000/111122223333/trail", true, "||trail"},
      {"http://127.0.0.1:9000/111122223333/trail", false, ""},
      {"https://sqs.eu-west-1.amazonaws.com.evil.net/111122223333/trail", false, ""},
      {"https://sqs.a.b.amazonaws.com/111122223333/trail", false, ""},
      {"https://sqs.eu-west-1.amazonaws.com", false, ""},
      {"arn:aws:sqs:eu-west-1:111122223333:trail", false, "eu-west-1|111122223333|trail"},
      {"arn:aws-cn:sqs:cn-north-1:111122223333:trail.fifo", false,
       "cn-north-1|111122223333|trail.fifo"},
      {"arn:aws:sns:eu-west-1:111122223333:trail", false, ""},
      {"arn:aws:sqs:eu-west-1:1111:trail", false, ""},
      {"arn:aws:sqs:eu-west-1:111122223333", false, ""},
      {"trail", false, "||trail"},
      {"a trail", false, ""},
      {"", false, ""},
  };
  for (const auto& c : cases) {
    const auto name = parse_queue(c.queue, c.overridden);
    EXPECT_EQ(name ? name->region + "|" + name->account + "|" + name->name : "", c.want) << c.queue;
  }
}

}  // namespace
}  // namespace trailsift::aws
