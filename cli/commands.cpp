#include <array>

#include "cli/aws_setup_command.h"
#include "cli/check_command.h"
#include "cli/command.h"
#include "cli/deliveries_command.h"
#include "cli/explain_command.h"
#include "cli/export_command.h"
#include "cli/fields_command.h"
#include "cli/histogram_command.h"
#include "cli/index_command.h"
#include "cli/quarantine_command.h"
#include "cli/search_command.h"
#include "cli/serve_command.h"
#include "cli/session_command.h"
#include "cli/stats_command.h"
#include "cli/tail_command.h"
#include "cli/top_command.h"
#include "cli/verify_command.h"
#include "cli/version_command.h"

namespace trailsift::cli {

std::span<const Command* const> commands() {
  static const std::array kAll = {
      &index_command(),
      &search_command(),
      &top_command(),
      &histogram_command(),
      &explain_command(),
      &session_command(),
      &export_command(),
      &tail_command(),
      &serve_command(),
      &stats_command(),
      &check_command(),
      &verify_command(),
      &deliveries_command(),
      &quarantine_list_command(),
      &quarantine_show_command(),
      &quarantine_replay_command(),
      &quarantine_drop_command(),
      &aws_setup_create_command(),
      &aws_setup_show_command(),
      &aws_setup_delete_command(),
      &fields_command(),
      &version_command(),
  };
  return kAll;
}

}  // namespace trailsift::cli
