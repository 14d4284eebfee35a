#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>

#include "query/join_files.h"
#include "schema/error.h"
#include "server/http_server.h"
#include "server/service.h"
#include "server/sources.h"

namespace trailsift::server {

struct ServeOptions {
  std::filesystem::path data;
  HttpOptions http;
  /// There is no authentication yet, so anything but a loopback address needs this.
  bool allow_remote = false;
  ServiceOptions service;
  query::JoinOptions joins;
  SourcesOptions sources;  ///< Any of them makes this the directory's only writer.
  /// Called once clients can connect.
  std::function<void(const ListenAddress&)> on_listening;
};

/// Serves a data directory until `stop` is requested. The directory may be missing or empty, and
/// without sources another process may write it meanwhile.
Result<void> serve(ServeOptions options, std::stop_token stop);

}  // namespace trailsift::server
