#include "server/serve.h"

#include <algorithm>
#include <memory>
#include <stop_token>
#include <sys/resource.h>
#include <thread>
#include <utility>

#include "query/joined_reader.h"

namespace trailsift::server {
namespace {

/// Connections and segments need files; most systems start programs with fewer than they allow.
void allow_all_files() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

}  // namespace

Result<void> serve(ServeOptions options, std::stop_token stop) {
  const ListenAddress& listen = options.http.listen;
  if (!listen.loopback && !options.allow_remote) {
    return fail(ErrorCode::bad_request,
                "cannot listen on " + listen.address +
                    ": everybody who reaches it could read every event, as there is no "
                    "authentication yet; --allow-remote says that this is wanted");
  }
  // Whoever serves a network is known by names that only --allow-host can tell.
  if (!listen.loopback && options.service.allowed_hosts.empty()) {
    options.service.check_host = false;
  }
  allow_all_files();
  std::unique_ptr<Sources> sources;  // Outlives the service.
  if (options.sources.any()) {
    auto started = Sources::start(options.data, std::move(options.sources), options.service.log);
    if (!started) return tl::unexpected(started.error());
    sources = std::move(*started);
  }
  options.service.sources = sources.get();
  const auto reader = query::JoinedReader::open(options.data, true, std::move(options.joins));
  if (!reader) return tl::unexpected(reader.error());
  options.service.data = options.data;
  options.service.stop = stop;
  const query::ExpensiveGate::Options expensive = options.service.expensive;
  Service service(**reader, std::move(options.service));
  if (options.http.threads == 0) {
    options.http.threads = std::max<std::size_t>(2, std::thread::hardware_concurrency()) +
                           expensive.places + expensive.waiting;
  }
  const auto server = HttpServer::listen(service, options.http);
  if (!server) return tl::unexpected(server.error());
  if (options.on_listening) options.on_listening((*server)->address());
  const std::stop_callback on_stop(std::move(stop), [&] { (*server)->stop(); });
  (*server)->run();
  if (sources) sources->stop();
  return {};
}

}  // namespace trailsift::server
