#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/event_world.h"

namespace trailsift::bench {

/// Who calls. The letter is how a row of the call table names it.
enum class Caller : char {
  user = 'u',      ///< IAM user with an access key or on the console.
  sso = 's',       ///< A person's role session, named by an e-mail address.
  instance = 'i',  ///< An EC2 instance's role session, named by the instance id.
  function = 'l',  ///< A Lambda function's role session.
  service = 'a',   ///< An AWS service.
  root = 'r',      ///< The account itself.
  web = 'w',       ///< A web identity, before it has a role.
  foreign = 'x',   ///< A principal of another account.
};

/// Appends the members `userIdentity` of that caller, as a JSON object. `service` is the DNS name
/// of the calling service, used by Caller::service alone.
void append_identity(Caller caller, std::string_view service, const Scene& scene, std::string& out);

/// Appends the ARN of the caller, as error messages quote it.
void append_caller_arn(Caller caller, const Scene& scene, std::string& out);

/// Appends the values of `sourceIPAddress` and `userAgent`, without quotes.
void append_source_address(Caller caller, std::string_view service, const Scene& scene,
                           std::string& out);
void append_user_agent(Caller caller, std::string_view service, const Scene& scene,
                       std::string& out);

}  // namespace trailsift::bench
