#include "cli/setup_options.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "aws/endpoint.h"
#include "cli/aws_options.h"

namespace trailsift::cli {
namespace {

constexpr std::uint64_t kMostDays = 36'500;

constexpr std::array kRows = {
    Option{"--bucket", "NAME", "", Arity::required, "bucket that CloudTrail delivers to"},
    Option{"--region", "REGION", "", Arity::required, "where bucket, topic, queue and trail are"},
    kProfileOption,
    Option{"--trail", "NAME", "trailsift", Arity::optional,
           "name of the trail; role and policy are called NAME-reader"},
    Option{"--queue", "NAME", "", Arity::optional,
           "name of the queue (default: TRAIL-deliveries); failed messages go to "
           "NAME-dead-letters"},
    Option{"--topic", "NAME", "", Arity::optional, "name of the topic (default: TRAIL-deliveries)"},
    Option{"--key-prefix", "PREFIX", "", Arity::optional,
           "what keys in the bucket begin with, without a slash at the end"},
    Option{"--organization-id", "ID", "", Arity::optional,
           "log all accounts of this organisation, from its management account"},
    Option{"--kms-key-arn", "ARN", "", Arity::optional,
           "key that files are encrypted with; its policy must let CloudTrail use it"},
    Option{"--expire-after-days", "DAYS", "0", Arity::optional,
           "delete delivered files after so many days; 0 keeps them"},
    Option{"--reader-principal-arn", "ARN", "", Arity::optional,
           "who may assume the role; EC2 instances without it"},
    Option{"--account-id", "ID", "", Arity::optional,
           "the account: needed with --dry-run, else checked against the credentials"},
    kEndpointOption,
    // create and delete have the next row, delete the last one.
    Option{"--dry-run", "", "", Arity::optional, "print the commands of the AWS CLI; ask nobody"},
    Option{"--yes", "", "", Arity::optional, "delete them; there is no question asked"},
};

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

bool is_made_of(std::string_view text, const std::string& characters, std::size_t most) {
  return !text.empty() && text.size() <= most &&
         text.find_first_not_of(characters) == std::string_view::npos;
}

const std::string kWord = std::string(kLower) + std::string(kUpper) + "-_";

bool is_name(std::string_view text) {
  constexpr std::size_t kMost = 64;  // "-dead-letters" of 80 characters, "-reader" of 64.
  return is_made_of(text, kWord, kMost);
}

bool is_trail(std::string_view text) {
  constexpr std::size_t kMost = 57;  // A role's name has 64 characters: "-reader".
  return text.size() >= 3 && is_made_of(text, kWord + ".", kMost) &&
         std::isalnum(static_cast<unsigned char>(text.front())) != 0 &&
         std::isalnum(static_cast<unsigned char>(text.back())) != 0;
}

bool is_prefix(std::string_view text) {
  constexpr std::size_t kMost = 200;
  return is_made_of(text, kWord + "./", kMost) && !text.starts_with('/') && !text.ends_with('/') &&
         text.find("//") == std::string_view::npos;
}

bool is_organization(std::string_view text) {
  constexpr std::size_t kMost = 34;
  return text.size() >= 12 && text.starts_with("o-") &&
         is_made_of(text.substr(2), std::string(kLower), kMost);
}

bool is_arn(std::string_view text, std::string_view middle) {
  constexpr std::size_t kMost = 512;
  return text.starts_with("arn:") && text.find(middle) != std::string_view::npos &&
         is_made_of(text, kWord + ":/.+=,@", kMost);
}

bool is_key(std::string_view text) {
  return is_arn(text, ":kms:") && text.find(":key/") != std::string_view::npos;
}

bool is_principal(std::string_view text) {
  return is_arn(text, ":iam::");
}

bool is_account(std::string_view text) {
  return text.size() == 12 && is_made_of(text, "0123456789", 12);
}

/// How the value of one option must look.
struct Shape {
  std::string_view option;
  bool (*fits)(std::string_view text);
  std::string_view expected;
};

constexpr std::array kShapes = {
    Shape{"--bucket", aws::is_bucket_name, "the name of a bucket"},
    Shape{"--region", aws::is_region_name, "the name of a region such as eu-west-1"},
    Shape{"--trail", is_trail, "3 to 57 letters, digits, '.', '-' and '_'"},
    Shape{"--queue", is_name, "1 to 64 letters, digits, '-' and '_'"},
    Shape{"--topic", is_name, "1 to 64 letters, digits, '-' and '_'"},
    Shape{"--key-prefix", is_prefix, "a prefix such as cloudtrail/main"},
    Shape{"--organization-id", is_organization, "an id such as o-exampleorgid"},
    Shape{"--kms-key-arn", is_key, "the ARN of a key"},
    Shape{"--reader-principal-arn", is_principal, "the ARN of a role, a user or an account"},
    Shape{"--account-id", is_account, "an account id of 12 digits"},
};

Result<void> check_shapes(const Arguments& arguments) {
  for (const Shape& shape : kShapes) {
    const auto given = arguments.given(shape.option);
    if (!given || shape.fits(*given)) continue;
    return fail(ErrorCode::bad_request, fmt::format("expected {} to be {}, got '{}'", shape.option,
                                                    shape.expected, *given));
  }
  return {};
}

}  // namespace

std::span<const Option> setup_option_rows(SetupJob job) {
  const auto last = job == SetupJob::remove ? 0U : job == SetupJob::create ? 1U : 2U;
  return std::span(kRows).first(kRows.size() - last);
}

Result<SetupOptions> read_setup_options(const Arguments& arguments) {
  if (const auto fine = check_shapes(arguments); !fine) return tl::unexpected(fine.error());
  const auto days = arguments.number("--expire-after-days", 0, kMostDays);
  if (!days) return tl::unexpected(days.error());
  SetupOptions options;
  options.aws = {arguments.value("--profile"), arguments.value("--region"),
                 arguments.value("--endpoint-url")};
  options.account = arguments.value("--account-id");
  options.bucket = arguments.value("--bucket");
  options.trail = arguments.value("--trail");
  const std::string deliveries = options.trail + "-deliveries";
  options.topic = arguments.given("--topic").value_or(deliveries);
  options.queue = arguments.given("--queue").value_or(deliveries);
  if (!is_name(options.topic) || !is_name(options.queue)) {
    return fail(ErrorCode::bad_request,
                "expected --topic and --queue, as '" + deliveries + "' can be the name of neither");
  }
  options.key_prefix = arguments.value("--key-prefix");
  options.organization_id = arguments.value("--organization-id");
  options.kms_key_arn = arguments.value("--kms-key-arn");
  options.reader_principal_arn = arguments.value("--reader-principal-arn");
  options.expire_after_days = *days;
  return options;
}

std::string SetupOptions::arn(const std::string& service, const std::string& region,
                              const std::string& rest) const {
  return fmt::format("arn:{}:{}:{}:{}:{}", aws::partition_of(aws.region), service, region, account,
                     rest);
}

std::string SetupOptions::bucket_arn() const {
  return fmt::format("arn:{}:s3:::{}", aws::partition_of(aws.region), bucket);
}

std::string SetupOptions::logs_arn() const {
  return bucket_arn() + (key_prefix.empty() ? "" : "/" + key_prefix) + "/AWSLogs";
}

std::string SetupOptions::trail_arn() const {
  return arn("cloudtrail", aws.region, "trail/" + trail);
}

std::string SetupOptions::topic_arn() const {
  return arn("sns", aws.region, topic);
}

std::string SetupOptions::queue_arn() const {
  return arn("sqs", aws.region, queue);
}

std::string SetupOptions::dead_letter_queue_arn() const {
  return arn("sqs", aws.region, dead_letter_queue());
}

std::string SetupOptions::reader_policy_arn() const {
  return arn("iam", "", "policy/" + reader());
}

std::string SetupOptions::queue_url(const std::string& name) const {
  const std::string_view end = aws::partition_of(aws.region) == "aws-cn" ? ".cn" : "";
  return fmt::format("https://sqs.{}.amazonaws.com{}/{}/{}", aws.region, end, account, name);
}

}  // namespace trailsift::cli
