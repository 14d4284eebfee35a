#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& tail_command();

}  // namespace trailsift::cli
