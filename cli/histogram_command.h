#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& histogram_command();

}  // namespace trailsift::cli
