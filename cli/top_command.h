#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& top_command();

}  // namespace trailsift::cli
