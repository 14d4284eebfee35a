#pragma once

#include <string_view>

#include "cli/command.h"

namespace trailsift::cli {

/// Of the program, as in CMakeLists.txt.
inline constexpr std::string_view kVersion = "0.1.0";

/// trailsift version, also --version.
const Command& version_command();

}  // namespace trailsift::cli
