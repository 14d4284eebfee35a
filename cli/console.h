#pragma once

#include <cstddef>
#include <functional>
#include <istream>
#include <optional>
#include <ostream>
#include <stop_token>
#include <string>
#include <string_view>

#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::cli {

/// All that a command knows of the world outside the data directory, so that tests can stage it.
/// Answers go to `out`, everything else (progress, errors) to `err`. Borrows the streams.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  bool color_wanted = true;  ///< NO_COLOR is unset and the terminal is not a dumb one.
  std::size_t width = 80;    ///< Columns of the terminal.
  std::function<Timestamp()> now;
  /// Requested by the first Ctrl-C or SIGTERM, for commands with Interrupt::stops.
  std::stop_token stop = {};
  /// A variable of the environment; unset: there is none.
  std::function<std::optional<std::string>(const char* name)> variable = {};
};

/// What the shell gets back.
enum class ExitCode : int {
  ok = 0,
  failure = 1,        ///< The command ran and failed, or found something wrong.
  usage = 2,          ///< The command line is wrong, or a bug ended the program.
  interrupted = 130,  ///< Console::stop ended the command early; 143 in the shell after SIGTERM.
};

/// Prints one JSON value and a line break. What a terminal would obey is escaped there.
void print_json(Console& console, std::string_view json);

/// Prints "trailsift: message" to console.err, with a caret line when the error is about a place in
/// `source`. What could harm a terminal is masked. Returns ExitCode::failure.
ExitCode report(Console& console, const Error& error, std::string_view source = {});

/// The same for a mistake in the command line, with a hint at --help. Returns ExitCode::usage.
ExitCode report_usage(Console& console, std::string_view command, const Error& error,
                      std::string_view source = {});

}  // namespace trailsift::cli
