#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "aws/credentials.h"
#include "aws/endpoint.h"
#include "aws/http_client.h"
#include "schema/error.h"

namespace trailsift::aws {

/// The variables of the process, or those of a test; none for a name that is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// How often a call is repeated that failed for a reason that may pass.
struct RetryPolicy {
  std::size_t max_attempts = 5;  ///< All together; 1: never repeated.
  std::chrono::milliseconds base_delay{100};
  std::chrono::milliseconds max_delay{10'000};
};

struct AssumeRoleOptions {
  std::string role_arn;
  std::string session_name = "trailsift";
  std::string external_id;               ///< "": none.
  std::chrono::seconds duration{3'600};  ///< 900 to 43200.
};

/// Everything has a default: what the AWS CLI would use on this machine.
struct SessionOptions {
  std::string region;   ///< "": AWS_REGION, AWS_DEFAULT_REGION, the profile, the instance.
  std::string profile;  ///< "": AWS_PROFILE, then "default".
  Endpoints endpoints;  ///< Before AWS_ENDPOINT_URL_S3, …, AWS_ENDPOINT_URL and the profile.
  std::vector<AssumeRoleOptions> roles;  ///< Assumed one by one, from the credentials found on.
  RetryPolicy retry;
  HttpOptions http;         ///< ca_file: "": AWS_CA_BUNDLE, then the system's.
  Environment environment;  ///< Default: the process's.
  Clock clock;              ///< Default: the system's.
};

class Caller;  // How every call is made (aws/call.h).

/// What all calls share: credentials, region, endpoints, connections. Clients are made from it and
/// are cheap: `S3 s3(session);`. It must outlive them. Any thread.
///
/// Every call takes a std::stop_token: a request or a pause under way ends at once when it is
/// requested, and the call fails with ErrorCode::cancelled. How errors of calls are to be read:
///
///   unavailable  AWS or the network failed, or throttled, RetryPolicy::max_attempts times: may
///                succeed later
///   denied       credentials or a permission are missing; the message names the IAM action
///   not_found    the bucket, object, queue, topic or role does not exist
///   too_large    a limit of the call was passed
///   cancelled    `stop` was requested
///   bad_request  AWS or this program refused the arguments
///   corrupt, io  the answer is not what AWS sends; TLS failed
///
/// Messages read "cannot call SERVICE CALL for 'RESOURCE': CODE: what AWS said (request id ID)".
class Session {
 public:
  /// Reads environment and profile files; connects to nothing. Fails on a profile, region or
  /// endpoint that is named and does not exist or is malformed.
  static Result<std::unique_ptr<Session>> open(SessionOptions options = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// The region of calls that name none; the first call may ask the instance. `not_found` says
  /// where it was looked for.
  Result<std::string> region(const std::stop_token& stop);

  /// Who calls, for status pages and logs: the access key's id and where it was found. Fails with
  /// what was tried and why each failed.
  struct Identity {
    std::string access_key_id;
    std::string source;
    std::optional<Instant> expires;
  };
  Result<Identity> identity(const std::stop_token& stop);

  /// A session that calls as `role`, assumed with this one's credentials; independent of it.
  Result<std::unique_ptr<Session>> assume(AssumeRoleOptions role) const;

  Caller& caller() { return *caller_; }

 private:
  explicit Session(SessionOptions options);
  SessionOptions options_;
  std::unique_ptr<Caller> caller_;
};

}  // namespace trailsift::aws
