#include "query/iam_action.h"

#include <algorithm>
#include <array>

namespace trailsift::query {
namespace {

constexpr std::string_view kDomain = ".amazonaws.com";

struct Prefix {
  std::string_view host;  // Of the event source, without its domain.
  std::string_view prefix;
};

// clang-format off
/// Services whose actions begin with another name than their host.
constexpr std::array kPrefixes = {
  Prefix{"monitoring",              "cloudwatch"},
  Prefix{"email",                   "ses"},
  Prefix{"tagging",                 "tag"},
  Prefix{"models.lex",              "lex"},
  Prefix{"models-v2-lex",           "lex"},
  Prefix{"runtime.lex",             "lex"},
  Prefix{"runtime-v2-lex",          "lex"},
  Prefix{"data.iot",                "iot"},
  Prefix{"iotdata",                 "iot"},
  Prefix{"entitlement.marketplace", "aws-marketplace"},
  Prefix{"metering.marketplace",    "aws-marketplace"},
  Prefix{"runtime.sagemaker",       "sagemaker"},
  Prefix{"bedrock-runtime",         "bedrock"},
  Prefix{"bedrock-agent",           "bedrock"},
  Prefix{"bedrock-agent-runtime",   "bedrock"},
  Prefix{"api.ecr",                 "ecr"},
  Prefix{"api.ecr-public",          "ecr-public"},
  Prefix{"timestream.query",        "timestream"},
  Prefix{"timestream.ingest",       "timestream"},
  Prefix{"streams.dynamodb",        "dynamodb"},
};

struct Action {
  std::string_view source;  // Host.
  std::string_view name;
  std::string_view action;  // Empty: no permission is needed.
};

/// Calls that are allowed by an action of another name.
constexpr std::array kActions = {
  Action{"s3", "ListObjects",                        "s3:ListBucket"},
  Action{"s3", "ListObjectsV2",                      "s3:ListBucket"},
  Action{"s3", "ListObjectVersions",                 "s3:ListBucketVersions"},
  Action{"s3", "ListBuckets",                        "s3:ListAllMyBuckets"},
  Action{"s3", "ListMultipartUploads",               "s3:ListBucketMultipartUploads"},
  Action{"s3", "ListParts",                          "s3:ListMultipartUploadParts"},
  Action{"s3", "HeadBucket",                         "s3:ListBucket"},
  Action{"s3", "HeadObject",                         "s3:GetObject"},
  Action{"s3", "SelectObjectContent",                "s3:GetObject"},
  Action{"s3", "CopyObject",                         "s3:PutObject"},
  Action{"s3", "CreateMultipartUpload",              "s3:PutObject"},
  Action{"s3", "UploadPart",                         "s3:PutObject"},
  Action{"s3", "UploadPartCopy",                     "s3:PutObject"},
  Action{"s3", "CompleteMultipartUpload",            "s3:PutObject"},
  Action{"s3", "PostObject",                         "s3:PutObject"},
  Action{"s3", "DeleteObjects",                      "s3:DeleteObject"},
  Action{"s3", "GetBucketEncryption",                "s3:GetEncryptionConfiguration"},
  Action{"s3", "PutBucketEncryption",                "s3:PutEncryptionConfiguration"},
  Action{"s3", "DeleteBucketEncryption",             "s3:PutEncryptionConfiguration"},
  Action{"s3", "GetBucketLifecycle",                 "s3:GetLifecycleConfiguration"},
  Action{"s3", "GetBucketLifecycleConfiguration",    "s3:GetLifecycleConfiguration"},
  Action{"s3", "PutBucketLifecycle",                 "s3:PutLifecycleConfiguration"},
  Action{"s3", "PutBucketLifecycleConfiguration",    "s3:PutLifecycleConfiguration"},
  Action{"s3", "DeleteBucketLifecycle",              "s3:PutLifecycleConfiguration"},
  Action{"s3", "GetBucketReplication",               "s3:GetReplicationConfiguration"},
  Action{"s3", "PutBucketReplication",               "s3:PutReplicationConfiguration"},
  Action{"s3", "DeleteBucketReplication",            "s3:PutReplicationConfiguration"},
  Action{"s3", "GetBucketCors",                      "s3:GetBucketCORS"},
  Action{"s3", "PutBucketCors",                      "s3:PutBucketCORS"},
  Action{"s3", "DeleteBucketCors",                   "s3:PutBucketCORS"},
  Action{"s3", "DeleteBucketTagging",                "s3:PutBucketTagging"},
  Action{"s3", "GetBucketAccelerateConfiguration",   "s3:GetAccelerateConfiguration"},
  Action{"s3", "PutBucketAccelerateConfiguration",   "s3:PutAccelerateConfiguration"},
  Action{"s3", "GetPublicAccessBlock",               "s3:GetBucketPublicAccessBlock"},
  Action{"s3", "PutPublicAccessBlock",               "s3:PutBucketPublicAccessBlock"},
  Action{"s3", "DeletePublicAccessBlock",            "s3:PutBucketPublicAccessBlock"},
  Action{"s3", "DeleteBucketPublicAccessBlock",      "s3:PutBucketPublicAccessBlock"},
  Action{"s3", "GetObjectLockConfiguration",         "s3:GetBucketObjectLockConfiguration"},
  Action{"s3", "PutObjectLockConfiguration",         "s3:PutBucketObjectLockConfiguration"},
  Action{"lambda", "Invoke",                         "lambda:InvokeFunction"},
  Action{"lambda", "InvokeAsync",                    "lambda:InvokeFunction"},
  Action{"lambda", "InvokeExecution",                "lambda:InvokeFunction"},
  Action{"sts", "GetCallerIdentity",                 ""},
  Action{"sts", "GetSessionToken",                   ""},
  Action{"dynamodb", "TransactGetItems",             "dynamodb:GetItem"},
  Action{"dynamodb", "TransactWriteItems",           "dynamodb:PutItem"},
  Action{"dynamodb", "ExecuteStatement",             "dynamodb:PartiQLSelect"},
  Action{"sqs", "DeleteMessageBatch",                "sqs:DeleteMessage"},
  Action{"sqs", "SendMessageBatch",                  "sqs:SendMessage"},
  Action{"sqs", "ChangeMessageVisibilityBatch",      "sqs:ChangeMessageVisibility"},
  Action{"sns", "PublishBatch",                      "sns:Publish"},
  Action{"ssm", "OpenDataChannel",                   "ssmmessages:OpenDataChannel"},
  Action{"bedrock-runtime", "Converse",              "bedrock:InvokeModel"},
  Action{"bedrock-runtime", "ConverseStream",        "bedrock:InvokeModelWithResponseStream"},
};
// clang-format on

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Some services put the version of their API behind the name: GetFunction20150331v2,
/// CreateDistribution2020_05_31.
std::string_view without_version(std::string_view name) {
  const std::size_t letters = name.find_last_not_of("0123456789_v");
  if (letters == std::string_view::npos) return name;
  const std::size_t year = name.find("20", letters + 1);
  if (year == std::string_view::npos) return name;
  const auto digits = std::ranges::count_if(name.substr(year), is_digit);
  return digits >= 8 ? name.substr(0, year) : name;
}

}  // namespace

std::string iam_action(std::string_view event_source, std::string_view event_name) {
  std::string_view host = event_source;
  if (const auto at = host.find(kDomain); at != std::string_view::npos) host = host.substr(0, at);
  if (host == "signin") return {};
  const std::string_view name = without_version(event_name);
  const auto* const action = std::ranges::find_if(
      kActions, [&](const Action& row) { return row.source == host && row.name == name; });
  if (action != kActions.end()) return std::string(action->action);
  const auto* const prefix = std::ranges::find(kPrefixes, host, &Prefix::host);
  std::string text(prefix != kPrefixes.end() ? prefix->prefix : host);
  return text.append(":").append(name);
}

}  // namespace trailsift::query
