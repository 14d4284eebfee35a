#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "cli/run.h"
#include "schema/time.h"

namespace trailsift::cli {

/// A console whose streams are strings and whose clock stands at 2021-07-30T12:00:00Z.
struct StagedConsole {
  std::istringstream in;
  std::ostringstream out, err;
  Console console{
      .in = in, .out = out, .err = err, .now = [] { return *parse_time("2021-07-30T12:00:00Z"); }};

  void become_terminal(std::size_t width) {
    console.out_is_terminal = console.err_is_terminal = true;
    console.width = width;
  }
};

/// What became of one command line.
struct Outcome {
  int code = 0;
  std::string out, err;
};

inline Outcome run_words(const std::vector<std::string>& words) {
  StagedConsole staged;
  const ExitCode code = run(words, staged.console);
  return {static_cast<int>(code), staged.out.str(), staged.err.str()};
}

}  // namespace trailsift::cli
