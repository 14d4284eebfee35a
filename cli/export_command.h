#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& export_command();

}  // namespace trailsift::cli
