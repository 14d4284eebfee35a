#pragma once

#include <memory>

#include "aws/session.h"
#include "cli/command.h"
#include "schema/error.h"

namespace trailsift::cli {

inline constexpr Option kProfileOption{"--profile", "NAME", "", Arity::optional,
                                       "the AWS profile, instead of what the environment says"};
inline constexpr Option kRegionOption{"--region", "REGION", "", Arity::optional,
                                      "the AWS region, instead of what the environment says"};
inline constexpr Option kEndpointOption{
    "--endpoint-url", "URL", "", Arity::optional,
    "what to ask instead of AWS, such as a store that speaks S3"};

/// What the three options ask for, and the environment where they say nothing.
Result<std::unique_ptr<aws::Session>> open_session(const Arguments& arguments);

}  // namespace trailsift::cli
