#include "cli/serve_command.h"

#include <array>
#include <memory>
#include <utility>
#include <vector>

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include "cli/aws_options.h"
#include "cli/exclude_options.h"
#include "cli/join_options.h"
#include "cli/retention_options.h"
#include "cli/serve_options.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "server/serve.h"

namespace trailsift::cli {
namespace {

constexpr std::array kOptions = {
    Option{"--data", "DIR", "", Arity::optional,
           "the data directory that holds the index; needed here or in the file of --config"},
    Option{"--config", "FILE", "", Arity::optional,
           "trailsift.toml, a file of settings; options count before it (default: the variable "
           "TRAILSIFT_CONFIG)"},
    Option{"--check", "", "", Arity::optional,
           "check file and options, tell every setting and where it comes from, and end"},
    Option{"--listen", "ADDRESS:PORT", "127.0.0.1:8080", Arity::optional,
           "where to listen; port 0 takes a free one"},
    Option{"--threads", "N", "0", Arity::optional,
           "threads that answer requests; 0 means as many as cores"},
    Option{"--query-timeout", "SECONDS", "30", Arity::optional,
           "searches that take longer are refused"},
    Option{"--allow-host", "NAME", "", Arity::repeated,
           "a name that requests may call this server by, beside localhost and IP addresses"},
    Option{"--allow-remote", "", "", Arity::optional,
           "listen on an address that others can reach, though there is no authentication"},
    kAccountNamesOption,
    Option{"--queue", "QUEUE", "", Arity::repeated,
           "an SQS queue that announces files, by URL, name or ARN"},
    Option{"--push", "ROUTE", "", Arity::repeated,
           "open an endpoint that takes events: sns, firehose, awslogs, ingest, documents or bulk"},
    Option{"--push-token-file", "FILE", "", Arity::optional,
           "file with the token that senders have to know"},
    Option{"--topic", "ARN", "", Arity::repeated,
           "a topic of SNS whose signed messages are believed"},
    Option{"--bucket", "NAME", "", Arity::repeated,
           "fetch objects of this bucket, and of no other that is not named"},
    Option{"--account", "ID", "", Arity::repeated,
           "fetch files of this account, and of no other that is not named"},
    kExcludeOption,
    kExcludeDescribeOption,
    kDeliveriesDaysOption,
    kDeliveriesRowsOption,
    kProfileOption,
    kRegionOption,
    kEndpointOption,
};

constexpr std::string_view kDescription =
    "Answers HTTP: the search API of Amazon CloudSearch (GET and POST /2013-01-01/search), its own "
    "API below /api, figures for Prometheus at /metrics, and a page that searches at /. "
    "docs/api.md describes them.\n"
    "With --queue or --push it also takes events in: it then writes the data directory, and no "
    "`trailsift index` can run beside it. Without them, new commits of one are seen at once. The "
    "data directory may be empty or missing. Prints 'listening on http://ADDRESS:PORT' to standard "
    "error once clients can connect; Ctrl-C ends it after the requests under way.\n"
    "All of it can stand in a file, trailsift.toml, which has more settings than there are "
    "options: docs/operations.md lists them. --check tells what file and options come to.\n"
    "There is no authentication yet, so only this machine can reach it unless --allow-remote says "
    "otherwise. Against web sites that make browsers ask this server (DNS rebinding), requests "
    "are refused whose Host header is a name that --allow-host does not list.";

constexpr std::string_view kExamples =
    "  trailsift serve --data index\n"
    "  trailsift serve --data index --listen 127.0.0.1:0\n"
    "  trailsift serve --data index --listen 0.0.0.0:8080 --allow-remote --allow-host "
    "logs.example.com\n"
    "  trailsift serve --data index --queue trailsift-deliveries --bucket example-trail-logs\n"
    "  trailsift serve --config /etc/trailsift/trailsift.toml --check\n";

std::shared_ptr<spdlog::logger> make_log(Console& console) {
  auto log = std::make_shared<spdlog::logger>(
      "trailsift", std::make_shared<spdlog::sinks::ostream_sink_mt>(console.err, true));
  log->set_pattern("%Y-%m-%dT%H:%M:%S%z %l %v");
  return log;
}

ExitCode report_mistakes(Console& console, const std::vector<Mistake>& mistakes) {
  for (const auto& [error, source] : mistakes) report(console, error, source);
  console.err << "Try 'trailsift serve --help'.\n";
  return ExitCode::usage;
}

ExitCode run_serve(const Arguments& arguments, Console& console) {
  auto request = read_serve_options(arguments, console);
  if (!request) return report_mistakes(console, request.error());
  if (arguments.has("--check")) {
    console.out << settings_text(request->settings);
    return ExitCode::ok;
  }
  server::ServeOptions& options = request->options;
  const auto log = make_log(console);
  options.service.log = [log](const std::string& line) { log->error(printable(line)); };
  options.joins.log = [log](const std::string& line) { log->warn(printable(line)); };
  options.on_listening = [log](const server::ListenAddress& address) {
    log->info("listening on {}", server::url_of(address));
  };
  const auto served = server::serve(std::move(options), console.stop);
  if (!served) return report(console, served.error());
  log->info("stopped");
  return ExitCode::ok;
}

}  // namespace

const Command& serve_command() {
  static const Command kCommand{.name = "serve",
                                .summary = "answer searches over HTTP, with a page for browsers",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_serve,
                                .interrupt = Interrupt::stops};
  return kCommand;
}

}  // namespace trailsift::cli
