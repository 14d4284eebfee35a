#include <utility>

#include "cli/searcher.h"

namespace trailsift::cli {

Result<Source> read_source(const Arguments& arguments, const Console& console) {
  Source source{arguments.value("--data"), arguments.value("--server")};
  if (!source.data.empty() && !source.server.empty()) {
    return fail(ErrorCode::bad_request, "expected --data or --server, got both");
  }
  if (source.data.empty() && source.server.empty() && console.variable) {
    source.server = console.variable("TRAILSIFT_SERVER").value_or("");
  }
  if (source.data.empty() && source.server.empty()) {
    return fail(ErrorCode::bad_request, "expected --data DIR or --server URL");
  }
  return source;
}

Result<std::unique_ptr<Searcher>> open_searcher(const Arguments& arguments, Console& console) {
  const auto source = read_source(arguments, console);
  if (!source) return tl::unexpected(source.error());
  if (source->server.empty()) {
    return data_searcher(source->data, read_join_options(arguments, console));
  }
  if (arguments.has("--account-names")) {
    return fail(ErrorCode::bad_request,
                "expected --account-names with --data: a server has names of its own");
  }
  return server_searcher(source->server);
}

Result<Asking> read_asking(const Arguments& arguments, Console& console) {
  auto query = read_query_options(arguments, console);
  if (!query) return tl::unexpected(query.error());
  auto searcher = open_searcher(arguments, console);
  if (!searcher) return tl::unexpected(searcher.error());
  return Asking{std::move(*query), std::move(*searcher)};
}

ExitCode report_source(Console& console, std::string_view command, const Error& error) {
  return error.code == ErrorCode::bad_request ? report_usage(console, command, error)
                                              : report(console, error);
}

}  // namespace trailsift::cli
