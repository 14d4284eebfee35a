#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& session_command();

}  // namespace trailsift::cli
