#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.h"
#include "schema/error.h"

namespace trailsift::cli {

/// How often an argument may be given.
enum class Arity : std::uint8_t { optional, required, repeated, repeated_required };

/// One row of a command's argument table. Parsing, --help and the documentation test read it.
struct Option {
  std::string_view name;           ///< "--data"; a positional argument in capitals: "QUERY".
  std::string_view value_name;     ///< "DIR"; empty for a flag and for positional arguments.
  std::string_view default_value;  ///< What value() and number() give when it is absent.
  Arity arity = Arity::optional;
  std::string_view help;  ///< Lower case, no full stop. The default is added to it.
};

/// What was given on the command line, under the names of the table.
class Arguments {
 public:
  Arguments(std::span<const Option> options, std::map<std::string, std::vector<std::string>> given);

  bool has(std::string_view name) const;
  /// The value given (the last one), or the table's default.
  std::string value(std::string_view name) const;
  /// The value given, or nullopt when it was not.
  std::optional<std::string> given(std::string_view name) const;
  /// Everything given for a repeated argument, in order.
  const std::vector<std::string>& values(std::string_view name) const;
  /// value() as a number in [low, high]; otherwise a bad_request that names the argument.
  Result<std::uint64_t> number(std::string_view name, std::uint64_t low, std::uint64_t high) const;

 private:
  const Option& row(std::string_view name) const;

  std::span<const Option> options_;
  std::map<std::string, std::vector<std::string>> given_;
};

/// What Ctrl-C and SIGTERM do to a command.
enum class Interrupt : std::uint8_t {
  ends,   ///< End the program at once, as usual.
  stops,  ///< Request Console::stop; a second Ctrl-C ends the program.
};

/// One row of the command table. To add a command: a pair NAME_command.{h,cpp} with a function
/// `const Command& NAME_command()` that returns its row (index_command(), quarantine_list_command()
/// for "quarantine list"), and a line in commands.cpp.
struct Command {
  std::string_view name;
  std::string_view
      summary;  ///< One line for the list: "verify every checksum of a data directory".
  std::string_view description;     ///< Paragraphs below the usage line of --help; may be empty.
  std::span<const Option> options;  ///< Positional arguments first, in their order.
  std::string_view examples;        ///< Lines of shell, at the end of --help.
  ExitCode (*run)(const Arguments& arguments, Console& console);
  Interrupt interrupt = Interrupt::ends;
};

/// Every command, in the order of the help.
std::span<const Command* const> commands();

// Rows of several commands. clang-format off
inline constexpr Option kDataOption{"--data", "DIR", "", Arity::required,
                                    "the data directory that holds the index"};
inline constexpr Option kJsonOption{"--json", "", "", Arity::optional,
                                    "one object instead of a table"};
// clang-format on

/// One table of several.
template <std::size_t... Sizes>
constexpr auto joined(const std::array<Option, Sizes>&... tables) {
  std::array<Option, (Sizes + ...)> all{};
  auto next = all.begin();
  ((next = std::ranges::copy(tables, next).out), ...);
  return all;
}

}  // namespace trailsift::cli
