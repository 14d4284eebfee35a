#pragma once

#include <cstdint>
#include <string>

#include "cli/aws_cli.h"
#include "cli/command.h"
#include "schema/error.h"

namespace trailsift::cli {

/// What `aws setup` makes, and what all of it is called.
struct SetupOptions {
  AwsCliOptions aws;
  std::string account;  ///< "": not known yet.
  std::string bucket;
  std::string trail;
  std::string topic;
  std::string queue;
  std::string key_prefix;  ///< "": none, likewise below.
  std::string organization_id;
  std::string kms_key_arn;
  std::string reader_principal_arn;     ///< "": EC2 instances.
  std::uint64_t expire_after_days = 0;  ///< 0: never.

  bool for_instances() const { return reader_principal_arn.empty(); }
  std::string dead_letter_queue() const { return queue + "-dead-letters"; }
  std::string reader() const { return trail + "-reader"; }

  /// "arn:aws:sns:eu-west-1:111122223333:" and such; `region` "": none, as of IAM.
  std::string arn(const std::string& service, const std::string& region,
                  const std::string& rest) const;
  std::string bucket_arn() const;
  std::string logs_arn() const;  ///< Of the folder AWSLogs.
  std::string trail_arn() const;
  std::string topic_arn() const;
  std::string queue_arn() const;
  std::string dead_letter_queue_arn() const;
  std::string reader_policy_arn() const;
  std::string queue_url(const std::string& name) const;
};

enum class SetupJob : std::uint8_t { create, show, remove };

/// Rows of the commands.
std::span<const Option> setup_option_rows(SetupJob job);

/// Each in the shape that AWS demands; bad_request otherwise.
Result<SetupOptions> read_setup_options(const Arguments& arguments);

}  // namespace trailsift::cli
