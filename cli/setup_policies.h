#pragma once

#include <string>

#include "cli/setup_options.h"

namespace trailsift::cli {

/// The policies of what `aws setup` makes, each on one line of JSON. deploy/ has the same for
/// CloudFormation and Terraform; a test compares them.
std::string bucket_policy(const SetupOptions& options);
std::string topic_policy(const SetupOptions& options);
std::string queue_policy(const SetupOptions& options);  ///< Of both queues.
std::string reader_policy(const SetupOptions& options);
std::string reader_trust(const SetupOptions& options);  ///< Who may assume the role.

}  // namespace trailsift::cli
