#include "cli/serve_command.h"

#include <array>
#include <memory>
#include <utility>

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include "cli/join_options.h"
#include "cli/terminal.h"
#include "cli/version_command.h"
#include "server/serve.h"

namespace trailsift::cli {
namespace {

constexpr std::array kOptions = {
    kDataOption,
    kAccountNamesOption,
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
};

constexpr std::string_view kDescription =
    "Answers HTTP: the search API of Amazon CloudSearch (GET and POST /2013-01-01/search), its own "
    "API below /api, figures for Prometheus at /metrics, and a page that searches at /. "
    "docs/api.md describes them.\n"
    "New commits of a `trailsift index` that runs beside it are seen at once. The data directory "
    "may be empty or missing. Prints 'listening on http://ADDRESS:PORT' to standard error once "
    "clients can connect; Ctrl-C ends it after the requests under way.\n"
    "There is no authentication yet, so only this machine can reach it unless --allow-remote says "
    "otherwise. Against web sites that make browsers ask this server (DNS rebinding), requests "
    "are refused whose Host header is a name that --allow-host does not list.";

constexpr std::string_view kExamples =
    "  trailsift serve --data index\n"
    "  trailsift serve --data index --listen 127.0.0.1:0\n"
    "  trailsift serve --data index --listen 0.0.0.0:8080 --allow-remote --allow-host "
    "logs.example.com\n";

std::shared_ptr<spdlog::logger> make_log(Console& console) {
  auto log = std::make_shared<spdlog::logger>(
      "trailsift", std::make_shared<spdlog::sinks::ostream_sink_mt>(console.err, true));
  log->set_pattern("%Y-%m-%dT%H:%M:%S%z %l %v");
  return log;
}

/// The options that the command line gives; a mistake in it is a bad_request.
Result<server::ServeOptions> read_options(const Arguments& arguments) {
  constexpr std::uint64_t kMostThreads = 1024;
  constexpr std::uint64_t kLongestTimeout = 24UL * 60 * 60;
  server::ServeOptions options;
  options.data = arguments.value("--data");
  const auto listen = server::parse_listen_address(arguments.value("--listen"));
  if (!listen) return tl::unexpected(listen.error());
  options.http.listen = *listen;
  const auto threads = arguments.number("--threads", 0, kMostThreads);
  if (!threads) return tl::unexpected(threads.error());
  options.http.threads = *threads;
  const auto timeout = arguments.number("--query-timeout", 1, kLongestTimeout);
  if (!timeout) return tl::unexpected(timeout.error());
  options.service.query_timeout = std::chrono::seconds(*timeout);
  options.allow_remote = arguments.has("--allow-remote");
  options.service.allowed_hosts = arguments.values("--allow-host");
  options.service.version = kVersion;
  return options;
}

ExitCode run_serve(const Arguments& arguments, Console& console) {
  auto options = read_options(arguments);
  if (!options) return report_usage(console, "serve", options.error());
  const auto log = make_log(console);
  options->service.log = [log](const std::string& line) { log->error(printable(line)); };
  options->joins = read_join_options(arguments, console);
  options->joins.log = [log](const std::string& line) { log->warn(printable(line)); };
  options->on_listening = [log](const server::ListenAddress& address) {
    log->info("listening on {}", server::url_of(address));
  };
  const auto served = server::serve(std::move(*options), console.stop);
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
