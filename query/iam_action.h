#pragma once

#include <string>
#include <string_view>

namespace trailsift::query {

/// The IAM action that allows a call, such as `s3:ListBucket` for ListObjects of
/// s3.amazonaws.com; empty for calls that need no permission (GetCallerIdentity, sign-ins). Most
/// actions are named like the call; the others are a table, from the service authorization
/// reference of AWS. A call that the table should have and has not gets the name of the call.
std::string iam_action(std::string_view event_source, std::string_view event_name);

}  // namespace trailsift::query
