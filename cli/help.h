#pragma once

#include <string>

#include "cli/command.h"

namespace trailsift::cli {

/// What `trailsift --help` prints: every command with its line.
std::string help();

/// What `trailsift COMMAND --help` prints: usage, description, the rows of the table, examples.
std::string help(const Command& command);

/// One line: "usage: trailsift search [QUERY] --data DIR [OPTION]...".
std::string usage_line(const Command& command);

}  // namespace trailsift::cli
