#pragma once

#include "cli/command.h"

namespace trailsift::cli {

/// trailsift check: verifies a data directory; ExitCode::failure when it is not clean.
const Command& check_command();

}  // namespace trailsift::cli
