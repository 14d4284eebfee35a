#pragma once

#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "schema/error.h"

namespace trailsift::cli {

/// How a program ended, and what it wrote.
struct ChildOutcome {
  int code = 0;  ///< As the shell tells it: 128 and the signal that ended it.
  std::string out;
  std::string err;
};

/// Runs a program, looked up in PATH, with nothing on its standard input, and waits for its end.
/// `words`: its name and arguments, given to it as they are; no shell sees them. `variables` are
/// added to the environment. not_found when there is no such program, too_large when it writes
/// more than 64 MiB, cancelled when `stop` is requested: the program is ended then.
Result<ChildOutcome> run_child(std::span<const std::string> words,
                               std::span<const std::pair<std::string, std::string>> variables,
                               const std::stop_token& stop);

}  // namespace trailsift::cli
