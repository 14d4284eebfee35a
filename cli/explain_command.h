#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& explain_command();

}  // namespace trailsift::cli
