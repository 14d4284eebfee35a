#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& aws_setup_create_command();
const Command& aws_setup_show_command();
const Command& aws_setup_delete_command();

}  // namespace trailsift::cli
