#pragma once

#include <span>
#include <string>

#include "cli/command.h"

namespace trailsift::cli {

/// Reads `words` (what follows the command's name) by the command's table. A mistake is a
/// bad_request that names the argument.
Result<Arguments> parse_arguments(const Command& command, std::span<const std::string> words);

}  // namespace trailsift::cli
