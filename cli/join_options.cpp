#include "cli/join_options.h"

#include <string>

#include "cli/terminal.h"

namespace trailsift::cli {

query::JoinOptions read_join_options(const Arguments& arguments, Console& console) {
  query::JoinOptions options;
  if (const auto file = arguments.given("--account-names")) options.account_names = *file;
  options.log = [&err = console.err](const std::string& line) {
    err << "trailsift: " << printable(line) << '\n';
  };
  return options;
}

}  // namespace trailsift::cli
