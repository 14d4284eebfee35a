#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& quarantine_list_command();

}  // namespace trailsift::cli
