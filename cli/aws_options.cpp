#include "cli/aws_options.h"

namespace trailsift::cli {

Result<std::unique_ptr<aws::Session>> open_session(const Arguments& arguments) {
  aws::SessionOptions options;
  options.profile = arguments.value("--profile");
  options.region = arguments.value("--region");
  options.endpoints.s3 = arguments.value("--endpoint-url");
  return aws::Session::open(std::move(options));
}

}  // namespace trailsift::cli
