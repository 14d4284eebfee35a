#include "cli/setup_policies.h"

#include <cassert>
#include <map>
#include <string_view>
#include <vector>

#include <rapidjson/document.h>

#include "cli/json_difference.h"

namespace trailsift::cli {
namespace {

/// In all of them a name in angle brackets is one JSON value.
constexpr std::string_view kBucketPolicy = R"({
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "CloudTrailChecksTheBucket", "Effect": "Allow",
     "Principal": {"Service": "cloudtrail.amazonaws.com"},
     "Action": "s3:GetBucketAcl", "Resource": <bucket>,
     "Condition": {"StringEquals": {"aws:SourceArn": <trail>}}},
    {"Sid": "CloudTrailDelivers", "Effect": "Allow",
     "Principal": {"Service": "cloudtrail.amazonaws.com"},
     "Action": "s3:PutObject", "Resource": <delivered files>,
     "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control",
                                    "aws:SourceArn": <trail>}}},
    {"Sid": "OnlyByTls", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
     "Resource": [<bucket>, <all files>],
     "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]})";

constexpr std::string_view kTopicPolicy = R"({
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "CloudTrailAnnounces", "Effect": "Allow",
     "Principal": {"Service": "cloudtrail.amazonaws.com"},
     "Action": "sns:Publish", "Resource": <topic>,
     "Condition": {"StringEquals": {"aws:SourceArn": <trail>}}},
    {"Sid": "OnlyByTls", "Effect": "Deny", "Principal": "*",
     "Action": "sns:Publish", "Resource": <topic>,
     "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]})";

constexpr std::string_view kQueuePolicy = R"({
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "TopicSends", "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
     "Action": "sqs:SendMessage", "Resource": <queue>,
     "Condition": {"ArnEquals": {"aws:SourceArn": <topic>}}},
    {"Sid": "OnlyByTls", "Effect": "Deny", "Principal": "*", "Action": "sqs:*",
     "Resource": [<queue>, <dead letters>],
     "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]})";

constexpr std::string_view kReaderPolicy = R"({
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "TakeMessages", "Effect": "Allow",
     "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility",
                "sqs:GetQueueAttributes"],
     "Resource": <queue>},
    {"Sid": "ReadFiles", "Effect": "Allow", "Action": "s3:GetObject", "Resource": <log files>},
    {"Sid": "ListFiles", "Effect": "Allow", "Action": "s3:ListBucket", "Resource": <bucket>},
    {"Sid": "ReadPublicKeys", "Effect": "Allow", "Action": "cloudtrail:ListPublicKeys",
     "Resource": "*"}]})";

constexpr std::string_view kDecryptStatement =
    R"({"Sid": "DecryptFiles", "Effect": "Allow", "Action": "kms:Decrypt", "Resource": <key>})";

constexpr std::string_view kReaderTrust = R"({
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Allow", "Principal": <reader>, "Action": "sts:AssumeRole"}]})";

/// What is valid in a JSON string as it is: setup_options has seen to it.
std::string quoted(const std::string& text) {
  return '"' + text + '"';
}

std::string delivered_files(const SetupOptions& options) {
  std::string list = quoted(options.logs_arn() + "/" + options.account + "/*");
  if (!options.organization_id.empty()) {
    list += ',' + quoted(options.logs_arn() + "/" + options.organization_id + "/*");
  }
  return '[' + list + ']';
}

std::map<std::string, std::string, std::less<>> values_of(const SetupOptions& options) {
  const std::string instances = R"({"Service": "ec2.amazonaws.com"})";
  return {{"bucket", quoted(options.bucket_arn())},
          {"all files", quoted(options.bucket_arn() + "/*")},
          {"log files", quoted(options.logs_arn() + "/*")},
          {"delivered files", delivered_files(options)},
          {"trail", quoted(options.trail_arn())},
          {"topic", quoted(options.topic_arn())},
          {"queue", quoted(options.queue_arn())},
          {"dead letters", quoted(options.dead_letter_queue_arn())},
          {"key", quoted(options.kms_key_arn)},
          {"reader", options.for_instances()
                         ? instances
                         : R"({"AWS": )" + quoted(options.reader_principal_arn) + "}"}};
}

rapidjson::Document filled(std::string_view text, const SetupOptions& options) {
  const auto values = values_of(options);
  std::string json;
  while (true) {
    const auto begin = text.find('<');
    json += text.substr(0, begin);
    if (begin == std::string_view::npos) break;
    const auto end = text.find('>', begin);
    json += values.find(text.substr(begin + 1, end - begin - 1))->second;
    text.remove_prefix(end + 1);
  }
  rapidjson::Document document;
  document.Parse(json.data(), json.size());
  assert(!document.HasParseError());
  return document;
}

}  // namespace

std::string bucket_policy(const SetupOptions& options) {
  return json_text(filled(kBucketPolicy, options));
}

std::string topic_policy(const SetupOptions& options) {
  return json_text(filled(kTopicPolicy, options));
}

std::string queue_policy(const SetupOptions& options) {
  return json_text(filled(kQueuePolicy, options));
}

std::string reader_policy(const SetupOptions& options) {
  auto policy = filled(kReaderPolicy, options);
  if (!options.kms_key_arn.empty()) {
    rapidjson::Value decrypt;
    decrypt.CopyFrom(filled(kDecryptStatement, options), policy.GetAllocator());
    policy["Statement"].PushBack(decrypt, policy.GetAllocator());
  }
  return json_text(policy);
}

std::string reader_trust(const SetupOptions& options) {
  return json_text(filled(kReaderTrust, options));
}

}  // namespace trailsift::cli
