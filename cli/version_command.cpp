#include "cli/version_command.h"

namespace trailsift::cli {

const Command& version_command() {
  static const Command kCommand{.name = "version",
                                .summary = "print the program's version",
                                .description = {},
                                .options = {},
                                .examples = {},
                                .run = [](const Arguments&, Console& console) {
                                  console.out << "trailsift " << kVersion << '\n';
                                  return ExitCode::ok;
                                }};
  return kCommand;
}

}  // namespace trailsift::cli
