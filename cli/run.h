#pragma once

#include <span>
#include <string>

#include "cli/console.h"

namespace trailsift::cli {

/// Runs one command line (without the program's name).
ExitCode run(std::span<const std::string> arguments, Console& console);

/// The whole program: what main() returns. Never throws.
int run(int argc, const char* const* argv);

}  // namespace trailsift::cli
