#pragma once

#include "cli/command.h"

namespace trailsift::cli {

/// trailsift fields: the schema table.
const Command& fields_command();

}  // namespace trailsift::cli
