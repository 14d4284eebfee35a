#include "cli/setup_plan.h"

#include <utility>

#include <fmt/format.h>
#include <rapidjson/document.h>

#include "cli/json_difference.h"
#include "cli/setup_policies.h"

namespace trailsift::cli {
namespace {

constexpr std::string_view kRetention = "1209600";  // 14 days, the most.

/// JSON text whose value is the text given: how AWS takes policies inside attributes.
std::string json_string(const std::string& text) {
  return json_text(rapidjson::Value(rapidjson::StringRef(text.data(), text.size())));
}

std::string bucket_location(const SetupOptions& options) {
  return options.aws.region == "us-east-1" ? "null" : json_string(options.aws.region);
}

SetupStep bucket_step(const SetupOptions& options) {
  SetupStep step;
  step.what = "bucket " + options.bucket;
  step.look = {{"s3api", "get-bucket-location", "--bucket", options.bucket}};
  step.absent = {"NoSuchBucket"};
  step.wanted = R"({"LocationConstraint":)" + bucket_location(options) + "}";
  AwsWords make{"s3api", "create-bucket", "--bucket", options.bucket};
  if (options.aws.region != "us-east-1") {
    make.insert(make.end(), {"--create-bucket-configuration",
                             R"({"LocationConstraint":)" + bucket_location(options) + "}"});
  }
  step.make = {std::move(make)};
  step.remove = {{"s3api", "delete-bucket", "--bucket", options.bucket}};
  step.is_bucket = true;
  return step;
}

/// A side of the bucket: `member` of what `get` answers is what `put` takes as `option`.
struct BucketSide {
  std::string_view name;
  std::string get, put, option;
  std::string absent;
  std::string member;  ///< "": the whole answer.
  std::string value;
};

SetupStep side_step(const SetupOptions& options, const BucketSide& side) {
  SetupStep step;
  step.what = fmt::format("bucket {}: {}", options.bucket, side.name);
  step.look = {{"s3api", side.get, "--bucket", options.bucket}};
  step.absent = {"NoSuchBucket", side.absent};
  step.wanted =
      side.member.empty() ? side.value : fmt::format(R"({{"{}":{}}})", side.member, side.value);
  step.make = {{"s3api", side.put, "--bucket", options.bucket, side.option, side.value}};
  step.is_side = true;
  return step;
}

std::string encryption(const SetupOptions& options) {
  const std::string by = options.kms_key_arn.empty()
                             ? R"({"SSEAlgorithm":"AES256"})"
                             : fmt::format(R"({{"SSEAlgorithm":"aws:kms","KMSMasterKeyID":"{}"}})",
                                           options.kms_key_arn);
  return fmt::format(
      R"({{"Rules":[{{"ApplyServerSideEncryptionByDefault":{},"BucketKeyEnabled":{}}}]}})", by,
      options.kms_key_arn.empty() ? "false" : "true");
}

std::string lifecycle(const SetupOptions& options) {
  return fmt::format(R"({{"Rules":[{{"ID":"expire","Status":"Enabled","Filter":{{"Prefix":""}},)"
                     R"("Expiration":{{"Days":{0}}},)"
                     R"("NoncurrentVersionExpiration":{{"NoncurrentDays":{0}}}}}]}})",
                     options.expire_after_days);
}

void add_bucket(const SetupOptions& options, std::vector<SetupStep>& plan) {
  plan.push_back(bucket_step(options));
  std::vector<BucketSide> sides = {
      {"ownership", "get-bucket-ownership-controls", "put-bucket-ownership-controls",
       "--ownership-controls", "OwnershipControlsNotFoundError", "OwnershipControls",
       R"({"Rules":[{"ObjectOwnership":"BucketOwnerEnforced"}]})"},
      {"no public access", "get-public-access-block", "put-public-access-block",
       "--public-access-block-configuration", "NoSuchPublicAccessBlockConfiguration",
       "PublicAccessBlockConfiguration",
       R"({"BlockPublicAcls":true,"IgnorePublicAcls":true,"BlockPublicPolicy":true,)"
       R"("RestrictPublicBuckets":true})"},
      {"versioning", "get-bucket-versioning", "put-bucket-versioning", "--versioning-configuration",
       "", "", R"({"Status":"Enabled"})"},
      {"encryption", "get-bucket-encryption", "put-bucket-encryption",
       "--server-side-encryption-configuration", "ServerSideEncryptionConfigurationNotFoundError",
       "ServerSideEncryptionConfiguration", encryption(options)},
  };
  if (options.expire_after_days > 0) {
    sides.push_back({"expiry", "get-bucket-lifecycle-configuration",
                     "put-bucket-lifecycle-configuration", "--lifecycle-configuration",
                     "NoSuchLifecycleConfiguration", "", lifecycle(options)});
  }
  sides.push_back({"policy", "get-bucket-policy", "put-bucket-policy", "--policy",
                   "NoSuchBucketPolicy", "Policy", bucket_policy(options)});
  for (const BucketSide& side : sides) plan.push_back(side_step(options, side));
}

SetupStep topic_step(const SetupOptions& options) {
  SetupStep step;
  step.what = "topic " + options.topic;
  step.look = {{"sns", "get-topic-attributes", "--topic-arn", options.topic_arn()}};
  step.absent = {"NotFound", "NotFoundException"};
  step.wanted = R"({"Attributes":{"Policy":)" + topic_policy(options) + "}}";
  step.make = {{"sns", "create-topic", "--name", options.topic, "--attributes",
                R"({"Policy":)" + json_string(topic_policy(options)) + "}"}};
  step.remove = {{"sns", "delete-topic", "--topic-arn", options.topic_arn()}};
  return step;
}

/// `attributes` are pairs of a name and the JSON of its value; AWS takes texts alone.
SetupStep queue_step(const SetupOptions& options, const std::string& name,
                     const std::vector<std::pair<std::string, std::string>>& attributes) {
  std::string wanted;
  std::string given;
  for (const auto& [attribute, value] : attributes) {
    const std::string before = (wanted.empty() ? "\"" : ",\"") + attribute + "\":";
    wanted += before + value;
    given += before + (value.starts_with('"') ? value : json_string(value));
  }
  const std::string url = options.queue_url(name);
  SetupStep step;
  step.what = "queue " + name;
  step.look = {{"sqs", "get-queue-attributes", "--queue-url", url, "--attribute-names", "All"}};
  step.absent = {"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"};
  step.wanted = R"({"Attributes":{)" + wanted + "}}";
  step.make = {{"sqs", "create-queue", "--queue-name", name, "--attributes", '{' + given + '}'}};
  step.remove = {{"sqs", "delete-queue", "--queue-url", url}};
  return step;
}

void add_queues(const SetupOptions& options, std::vector<SetupStep>& plan) {
  const std::string policy = queue_policy(options);
  plan.push_back(queue_step(options, options.dead_letter_queue(),
                            {{"MessageRetentionPeriod", fmt::format("\"{}\"", kRetention)},
                             {"SqsManagedSseEnabled", "\"true\""},
                             {"Policy", policy}}));
  plan.push_back(queue_step(
      options, options.queue,
      {{"MessageRetentionPeriod", fmt::format("\"{}\"", kRetention)},
       {"ReceiveMessageWaitTimeSeconds", "\"20\""},
       {"VisibilityTimeout", "\"300\""},
       {"SqsManagedSseEnabled", "\"true\""},
       {"RedrivePolicy", fmt::format(R"({{"deadLetterTargetArn":"{}","maxReceiveCount":10}})",
                                     options.dead_letter_queue_arn())},
       {"Policy", policy}}));
  SetupStep step;
  step.what = fmt::format("subscription of {} to {}", options.queue, options.topic);
  step.look = {{"sns", "list-subscriptions-by-topic", "--topic-arn", options.topic_arn(), "--query",
                fmt::format("Subscriptions[?Endpoint=='{}'] | [0]", options.queue_arn())}};
  step.absent = {"NotFound", "NotFoundException"};
  step.wanted = R"({"Protocol":"sqs"})";
  // With its envelope, which tells topic and time; Trailsift reads both ways.
  step.make = {{"sns", "subscribe", "--topic-arn", options.topic_arn(), "--protocol", "sqs",
                "--notification-endpoint", options.queue_arn()}};
  plan.push_back(std::move(step));
}

SetupStep trail_step(const SetupOptions& options) {
  SetupStep step;
  step.what = "trail " + options.trail;
  step.look = {{"cloudtrail", "get-trail", "--name", options.trail}};
  step.absent = {"TrailNotFoundException"};
  const auto member = [](const std::string& name, const std::string& value) {
    return value.empty() ? "" : fmt::format(R"(,"{}":"{}")", name, value);
  };
  const bool organization = !options.organization_id.empty();
  step.wanted = fmt::format(R"({{"Trail":{{"TrailARN":"{}","S3BucketName":"{}","SnsTopicARN":"{}",)"
                            R"("IncludeGlobalServiceEvents":true,"IsMultiRegionTrail":true,)"
                            R"("LogFileValidationEnabled":true,"IsOrganizationTrail":{}{}{}}}}})",
                            options.trail_arn(), options.bucket, options.topic_arn(), organization,
                            member("S3KeyPrefix", options.key_prefix),
                            member("KmsKeyId", options.kms_key_arn));
  AwsWords make{"cloudtrail",
                "create-trail",
                "--name",
                options.trail,
                "--s3-bucket-name",
                options.bucket,
                "--sns-topic-name",
                options.topic,
                "--is-multi-region-trail",
                "--include-global-service-events",
                "--enable-log-file-validation"};
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) make.insert(make.end(), {option, value});
  };
  add("--s3-key-prefix", options.key_prefix);
  add("--kms-key-id", options.kms_key_arn);
  if (organization) make.emplace_back("--is-organization-trail");
  step.make = {std::move(make)};
  step.remove = {{"cloudtrail", "delete-trail", "--name", options.trail}};
  return step;
}

void add_trail(const SetupOptions& options, std::vector<SetupStep>& plan) {
  plan.push_back(trail_step(options));
  SetupStep step;
  step.what = "trail " + options.trail + ": logging";
  step.look = {
      {"cloudtrail", "get-trail-status", "--name", options.trail, "--query", "IsLogging || null"}};
  step.absent = {"TrailNotFoundException"};
  step.wanted = "true";
  step.make = {{"cloudtrail", "start-logging", "--name", options.trail}};
  step.is_side = true;
  plan.push_back(std::move(step));
}

SetupStep policy_step(const SetupOptions& options) {
  const std::string arn = options.reader_policy_arn();
  SetupStep step;
  step.what = "policy " + options.reader();
  step.look = {{"iam", "get-policy", "--policy-arn", arn, "--query", "Policy.DefaultVersionId"},
               {"iam", "get-policy-version", "--policy-arn", arn, "--version-id", "@"}};
  step.absent = {"NoSuchEntity"};
  step.wanted = R"({"PolicyVersion":{"Document":)" + reader_policy(options) + "}}";
  step.make = {{"iam", "create-policy", "--policy-name", options.reader(), "--description",
                "What Trailsift needs to read delivered files", "--policy-document",
                reader_policy(options)}};
  step.remove = {{"iam", "delete-policy", "--policy-arn", arn}};
  return step;
}

void add_role(const SetupOptions& options, std::vector<SetupStep>& plan) {
  const std::string name = options.reader();
  const std::string arn = options.reader_policy_arn();
  const auto add = [&](std::string what, AwsWords look, std::string wanted, AwsWords make,
                       AwsWords remove, bool is_side) {
    plan.push_back({std::move(what),
                    {std::move(look)},
                    {"NoSuchEntity"},
                    std::move(wanted),
                    {std::move(make)},
                    {std::move(remove)},
                    is_side});
  };
  add("role " + name, {"iam", "get-role", "--role-name", name},
      R"({"Role":{"AssumeRolePolicyDocument":)" + reader_trust(options) + "}}",
      {"iam", "create-role", "--role-name", name, "--assume-role-policy-document",
       reader_trust(options)},
      {"iam", "delete-role", "--role-name", name}, false);
  add("role " + name + ": policy",
      {"iam", "list-attached-role-policies", "--role-name", name, "--query",
       fmt::format("AttachedPolicies[?PolicyArn=='{}'] | [0]", arn)},
      "{}", {"iam", "attach-role-policy", "--role-name", name, "--policy-arn", arn},
      {"iam", "detach-role-policy", "--role-name", name, "--policy-arn", arn}, true);
  if (!options.for_instances()) return;
  const AwsWords profile{"--instance-profile-name", name};
  add("instance profile " + name, {"iam", "get-instance-profile", profile[0], name}, "{}",
      {"iam", "create-instance-profile", profile[0], name},
      {"iam", "delete-instance-profile", profile[0], name}, false);
  add("instance profile " + name + ": role",
      {"iam", "get-instance-profile", profile[0], name, "--query",
       fmt::format("InstanceProfile.Roles[?RoleName=='{}'] | [0]", name)},
      "{}", {"iam", "add-role-to-instance-profile", profile[0], name, "--role-name", name},
      {"iam", "remove-role-from-instance-profile", profile[0], name, "--role-name", name}, true);
}

}  // namespace

std::vector<SetupStep> setup_plan(const SetupOptions& options) {
  std::vector<SetupStep> plan;
  add_bucket(options, plan);
  plan.push_back(topic_step(options));
  add_queues(options, plan);
  add_trail(options, plan);
  plan.push_back(policy_step(options));
  add_role(options, plan);
  return plan;
}

}  // namespace trailsift::cli
