#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& deliveries_command();

}  // namespace trailsift::cli
