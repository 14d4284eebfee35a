#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& verify_command();

}  // namespace trailsift::cli
