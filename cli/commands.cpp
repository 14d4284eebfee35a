#include <array>

#include "cli/check_command.h"
#include "cli/command.h"
#include "cli/fields_command.h"
#include "cli/search_command.h"
#include "cli/stats_command.h"
#include "cli/version_command.h"
// Until every command has arrived:
#if __has_include("cli/index_command.h")
#include "cli/index_command.h"
#define HAVE_INDEX
#endif
#if __has_include("cli/serve_command.h")
#include "cli/serve_command.h"
#define HAVE_SERVE
#endif
#if __has_include("cli/quarantine_command.h")
#include "cli/quarantine_command.h"
#define HAVE_QUARANTINE
#endif

namespace trailsift::cli {

std::span<const Command* const> commands() {
  static const std::array all = {
#ifdef HAVE_INDEX
      &index_command(),
#endif
      &search_command(),
#ifdef HAVE_SERVE
      &serve_command(),
#endif
      &stats_command(),           &check_command(),
#ifdef HAVE_QUARANTINE
      &quarantine_list_command(),
#endif
      &fields_command(),          &version_command(),
  };
  return all;
}

}  // namespace trailsift::cli
