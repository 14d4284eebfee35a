#include "aws/failure.h"

#include <string>

#include <gtest/gtest.h>

namespace trailsift::aws {
namespace {

const CallNames kCall = {
    "s3", "GetObject", "s3://trail/a", "s3:GetObject", "arn:aws:s3:::trail/a", "the environment"};

Error error_of(int status, std::string body, std::vector<HttpHeader> headers = {}) {
  return to_error(parse_failure({status, std::move(headers), std::move(body)}), kCall);
}

TEST(Failure, ReadsEveryShape) {
  const struct {
    const char* name;
    int status;
    const char* body;
    ErrorCode code;
    const char* want;
  } cases[] = {
      {"S3", 403,
       "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Access Denied</Message>"
       "<RequestId>R1</RequestId></Error>",
       ErrorCode::denied,
       "AccessDenied: Access Denied (request id R1); needs s3:GetObject on arn:aws:s3:::trail/a "
       "for the credentials from the environment"},
      {"query", 400,
       "<ErrorResponse xmlns=\"x\"><Error><Type>Sender</Type><Code>InvalidParameter</Code>"
       "<Message>no &lt;token&gt;</Message></Error><RequestId>R2</RequestId></ErrorResponse>",
       ErrorCode::bad_request, "InvalidParameter: no <token> (request id R2)"},
      {"JSON", 400, R"({"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"none\nsuch"})",
       ErrorCode::not_found, "QueueDoesNotExist: none?such"},
      {"throttled", 400, R"({"__type":"ThrottlingException","Message":"slower"})",
       ErrorCode::unavailable, "ThrottlingException: slower"},
      {"HEAD", 403, "", ErrorCode::denied,
       "Forbidden; needs s3:GetObject on arn:aws:s3:::trail/a for the credentials from the "
       "environment"},
      {"absent", 404, "<Error><Code>NoSuchKey</Code></Error>", ErrorCode::not_found, "NoSuchKey"},
      {"a page of a proxy", 502, "<html><body>Bad <b>gateway</body></html>", ErrorCode::unavailable,
       "InternalError"},
      {"wrong secret", 403,
       "<Error><Code>SignatureDoesNotMatch</Code><Message>differs</Message></Error>",
       ErrorCode::denied,
       "SignatureDoesNotMatch: differs; check the credentials from the environment"},
      {"wrong clock", 403, "<Error><Code>RequestTimeTooSkewed</Code></Error>", ErrorCode::denied,
       "RequestTimeTooSkewed; check the clock of this machine"},
      {"encrypted", 403,
       "<Error><Code>AccessDenied</Code><Message>not authorized to perform: kms:Decrypt on k"
       "</Message></Error>",
       ErrorCode::denied,
       "AccessDenied: not authorized to perform: kms:Decrypt on k; needs kms:Decrypt on the key "
       "that the message names"},
      {"archived", 403, "<Error><Code>InvalidObjectState</Code></Error>", ErrorCode::bad_request,
       "InvalidObjectState"},
      {"nothing", 418, "", ErrorCode::bad_request, "status 418"},
  };
  for (const auto& c : cases) {
    const Error error = error_of(c.status, c.body);
    EXPECT_EQ(error.code, c.code) << c.name;
    EXPECT_EQ(error.message, "cannot call s3 GetObject for 's3://trail/a': " + std::string(c.want))
        << c.name;
  }
}

TEST(Failure, BelievesOnlyRegionsOfTheirShape) {
  const auto region = [](const char* text) {
    return parse_failure({301, {{"x-amz-bucket-region", text}}, ""}).bucket_region;
  };
  EXPECT_EQ(region("eu-west-1"), "eu-west-1");
  EXPECT_EQ(region("evil.example.net/"), "");
}

TEST(Failure, ShowsHostileTextInOneShortLine) {
  const std::string message = "\x1b[31m" + std::string(100'000, 'x');
  const Error error = error_of(400, R"({"__type":"Bad","message":")" + message + "\"}");
  EXPECT_LT(error.message.size(), 1'000);
  EXPECT_EQ(error.message.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace trailsift::aws
