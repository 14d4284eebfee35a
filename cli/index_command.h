#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& index_command();

}  // namespace trailsift::cli
