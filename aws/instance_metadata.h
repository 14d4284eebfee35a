#pragma once

#include <stop_token>
#include <string>

#include "schema/error.h"

namespace trailsift::aws {

class Caller;

/// The region of the EC2 instance, from its metadata endpoint (IMDSv2 only). `not_found` when there
/// is no such endpoint, or AWS_EC2_METADATA_DISABLED is "true".
Result<std::string> instance_region(Caller& caller, const std::stop_token& stop);

}  // namespace trailsift::aws
