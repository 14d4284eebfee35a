#pragma once

#include <stop_token>
#include <string>
#include <string_view>

#include "aws/credentials.h"
#include "aws/session.h"
#include "schema/error.h"

namespace trailsift::aws {

/// Temporary credentials for a role. Session and the credentials chain use it; callers rarely need
/// it themselves. Any thread.

/// Needs sts:AssumeRole on the role, as `credentials`.
Result<Credentials> assume_role(Caller& caller, const Credentials& credentials,
                                const AssumeRoleOptions& role, const std::stop_token& stop);

/// Exchanges an OIDC token; the call is not signed. `denied` when the token's file is no token.
Result<Credentials> assume_role_with_web_identity(Caller& caller, const AssumeRoleOptions& role,
                                                  const std::string& token,
                                                  const std::stop_token& stop);

/// The same with the token that a file holds at this moment; Kubernetes replaces it.
Result<Credentials> assume_role_with_token_file(Caller& caller, const AssumeRoleOptions& role,
                                                const std::string& path,
                                                const std::stop_token& stop);

/// The credentials in the XML answer of either call.
Result<Credentials> parse_sts_credentials(std::string_view xml);

}  // namespace trailsift::aws
