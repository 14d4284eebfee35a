#pragma once

#include <string>
#include <vector>

#include "cli/setup_options.h"

namespace trailsift::cli {

/// Arguments of the AWS CLI: service, command and the rest.
using AwsWords = std::vector<std::string>;

/// One thing that `aws setup` makes, or one side of it.
struct SetupStep {
  std::string what;  ///< "bucket example-logs", "bucket example-logs: versioning"
  /// Shows it. In each call but the first a word "@" is the text that the one before answered.
  std::vector<AwsWords> look;
  /// Codes with which AWS says that it is not there; an answer of nothing or null says it too.
  std::vector<std::string> absent;
  std::string wanted;  ///< JSON that the answer must hold (json_difference.h).
  std::vector<AwsWords> make;
  std::vector<AwsWords> remove;  ///< Empty: it goes with what it is a side of.
  bool is_side = false;          ///< Of the step before, or of what that is a side of.
  bool is_bucket = false;        ///< Is not removed while it holds objects.
};

/// In the order in which they are made; they are removed in the opposite one.
std::vector<SetupStep> setup_plan(const SetupOptions& options);

}  // namespace trailsift::cli
