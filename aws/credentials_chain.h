#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aws/credentials.h"
#include "schema/error.h"

namespace trailsift::aws {

class Caller;

/// Environment (unless a profile was chosen by option), profile, web identity, container, instance,
/// in this order, then SessionOptions::roles. A source that is set up and fails ends the search.
/// Providers borrow `caller`.
std::unique_ptr<CredentialsProvider> make_credentials_chain(Caller& caller);

/// Its parts, each `not_found` with a reason where it is not set up.
std::unique_ptr<CredentialsProvider> make_environment_credentials(Caller& caller);
std::unique_ptr<CredentialsProvider> make_profile_credentials(Caller& caller);
std::unique_ptr<CredentialsProvider> make_web_identity_credentials(Caller& caller);
std::unique_ptr<CredentialsProvider> make_container_credentials(Caller& caller);
std::unique_ptr<CredentialsProvider> make_instance_credentials(Caller& caller);

/// The JSON that container and instance endpoints answer with: AccessKeyId, SecretAccessKey, Token,
/// Expiration.
Result<Credentials> parse_endpoint_credentials(const std::string& json, std::string source);

/// Keys must be words of printable characters: they become parts of headers.
Result<Credentials> check_keys(Credentials credentials);

}  // namespace trailsift::aws
