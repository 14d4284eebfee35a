#pragma once

#include <optional>
#include <string>

#include "aws/profile.h"
#include "aws/session.h"
#include "schema/error.h"

namespace trailsift::aws {

/// What is known before anything is connected to.
struct Settings {
  std::string profile;          ///< The name that counts.
  bool profile_chosen = false;  ///< By option: the environment's keys do not count then.
  std::string region;           ///< "": ask the instance.
  Endpoints endpoints;
  std::string ca_file;
};

/// Options before environment before profile. Fails on what is named and does not exist, or has
/// not the shape of a region or endpoint.
Result<Settings> resolve(const SessionOptions& options);

/// The variable, when it is set and not empty.
std::optional<std::string> variable(const Environment& environment, const char* name);

}  // namespace trailsift::aws
