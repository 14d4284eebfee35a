#pragma once

#include "cli/command.h"

namespace trailsift::cli {

/// trailsift stats: what a data directory holds and what it takes on disk.
const Command& stats_command();

}  // namespace trailsift::cli
