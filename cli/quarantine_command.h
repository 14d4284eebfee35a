#pragma once

#include "cli/command.h"

namespace trailsift::cli {

const Command& quarantine_list_command();
const Command& quarantine_show_command();
const Command& quarantine_replay_command();
const Command& quarantine_drop_command();

}  // namespace trailsift::cli
