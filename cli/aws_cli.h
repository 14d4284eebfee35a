#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "schema/error.h"

namespace trailsift::cli {

/// Options of the AWS CLI that every command gets; "": none.
struct AwsCliOptions {
  std::string profile;
  std::string region;
  std::string endpoint_url;
};

/// What AWS refused: its code ("NoSuchBucket"; "" when the AWS CLI itself failed), and all that was
/// said.
struct AwsRefusal {
  std::string code;
  Error error;
};

/// Runs the AWS CLI, `aws` in PATH, version 1 or 2.
class AwsCli {
 public:
  AwsCli(AwsCliOptions options, std::stop_token stop)
      : options_(std::move(options)), stop_(std::move(stop)) {}

  /// `words`: service, command and arguments. The answer: JSON, or "" when there is none.
  tl::expected<std::string, AwsRefusal> call(const std::vector<std::string>& words) const;

  /// The same as a line for a shell.
  std::string line(const std::vector<std::string>& words) const;

 private:
  std::vector<std::string> command(const std::vector<std::string>& words) const;

  AwsCliOptions options_;
  std::stop_token stop_;
};

/// `word` as a shell reads it back.
std::string shell_quoted(const std::string& word);

}  // namespace trailsift::cli
