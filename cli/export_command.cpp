#include "cli/export_command.h"

#include <array>
#include <memory>

#include "cli/search_output.h"
#include "cli/searcher.h"

namespace trailsift::cli {
namespace {

constexpr auto kOptions = joined(std::array{kQueryOption}, kAskOptions, kStreamOptions);

constexpr std::string_view kDescription =
    "Writes every event that answers a query, newest first, without a limit and in memory that "
    "does "
    "not grow with them.";

constexpr std::string_view kExamples =
    "  trailsift export --data index --from -30d > events.ndjson\n"
    "  trailsift export \"eventName:Delete*\" --data index --format csv > deletes.csv\n";

ExitCode run_export(const Arguments& arguments, Console& console) {
  const auto options = read_stream_options(arguments, console);
  if (!options) return report_usage(console, "export", options.error());
  const auto searcher = open_searcher(arguments, console);
  if (!searcher) return report_source(console, "export", searcher.error());
  const auto output = search_output(console.out, *options);
  output->begin({});
  const auto take = [&](const Event& event) {
    output->hit(event);
    return static_cast<bool>(console.out);
  };
  const auto done = (*searcher)->walk(options->query, columns_read(*options), take);
  return done ? ExitCode::ok : report(console, done.error());
}

}  // namespace

const Command& export_command() {
  static const Command kCommand{.name = "export",
                                .summary = "write every event that answers a query",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_export};
  return kCommand;
}

}  // namespace trailsift::cli
