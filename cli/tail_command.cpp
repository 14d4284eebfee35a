#include "cli/tail_command.h"

#include <array>
#include <limits>

#include "cli/search_output.h"
#include "cli/searcher.h"
#include "cli/terminal.h"

namespace trailsift::cli {
namespace {

constexpr auto kOptions =
    joined(std::array{kQueryOption}, kAskOptions,
           std::array{Option{"--size", "N", "", Arity::optional, "end after so many events"}},
           kStreamOptions);

constexpr std::string_view kDescription =
    "Writes the events that answer a query as they are committed, until Ctrl-C ends it. A server "
    "that goes away and comes back is asked for what came meanwhile.";

constexpr std::string_view kExamples =
    "  trailsift tail errorCode:AccessDenied --server http://127.0.0.1:8080\n"
    "  trailsift tail --data index --format csv --return event_time,actor,event_name\n";

Result<std::uint64_t> read_size(const Arguments& arguments) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  if (!arguments.has("--size")) return kMost;
  return arguments.number("--size", 1, kMost);
}

ExitCode run_tail(const Arguments& arguments, Console& console) {
  const auto options = read_stream_options(arguments, console);
  if (!options) return report_usage(console, "tail", options.error());
  const auto size = read_size(arguments);
  if (!size) return report_usage(console, "tail", size.error());
  const auto searcher = open_searcher(arguments, console);
  if (!searcher) return report_source(console, "tail", searcher.error());
  const auto output = search_output(console.out, *options);
  output->begin({});
  console.out.flush();
  std::uint64_t left = *size;
  const auto take = [&](const Event& event) {
    output->hit(event);
    console.out.flush();
    return --left > 0 && static_cast<bool>(console.out);
  };
  const auto tell = [&](const std::string& notice) {
    console.err << "trailsift: " << printable(notice) << '\n';
  };
  const auto done =
      (*searcher)->follow(options->query, columns_read(*options), console.stop, take, tell);
  if (!done) return report(console, done.error());
  return left > 0 && console.stop.stop_requested() ? ExitCode::interrupted : ExitCode::ok;
}

}  // namespace

const Command& tail_command() {
  static const Command kCommand{.name = "tail",
                                .summary = "write events as they are committed",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_tail,
                                .interrupt = Interrupt::stops};
  return kCommand;
}

}  // namespace trailsift::cli
