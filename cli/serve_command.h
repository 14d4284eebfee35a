#pragma once

#include "cli/command.h"

namespace trailsift::cli {

/// trailsift serve: answers HTTP over a data directory until it is stopped.
const Command& serve_command();

}  // namespace trailsift::cli
