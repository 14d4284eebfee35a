#pragma once

#include <map>
#include <string>
#include <string_view>

#include "aws/session.h"
#include "schema/error.h"

namespace trailsift::aws {

/// Settings of one profile by name in lower case ("role_arn").
using Profile = std::map<std::string, std::string>;

/// The value, or "".
std::string_view setting(const Profile& profile, const std::string& name);

/// The two files of the AWS CLI as they are at this moment: the config file
/// (AWS_CONFIG_FILE, ~/.aws/config) and the credentials file (AWS_SHARED_CREDENTIALS_FILE,
/// ~/.aws/credentials), whose settings count before those of the other.
struct ProfileFiles {
  std::map<std::string, Profile, std::less<>> profiles;
  std::string looked_in;  ///< For messages: both names.

  /// A file that does not exist is empty. `bad_request`: malformed; `io`: cannot be read.
  static Result<ProfileFiles> read(const Environment& environment);

  const Profile* find(std::string_view name) const;
};

/// The whole file, at most `max_bytes`; `not_found`, `too_large`, `io`.
Result<std::string> read_small_file(const std::string& path, std::size_t max_bytes);

}  // namespace trailsift::aws
