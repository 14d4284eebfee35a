#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "query/thread_pool.h"
#include "server/http.h"
#include "server/metrics.h"
#include "server/routes.h"
#include "store/store.h"

namespace trailsift::server {

struct ServiceOptions {
  std::filesystem::path data;  ///< The data directory that the reader reads.
  std::string version;         ///< Of the program, for GET /api/status.
  /// Refuses requests whose Host header is_trusted_host() does not trust.
  bool check_host = true;
  std::vector<std::string> allowed_hosts;
  std::chrono::milliseconds query_timeout{30'000};
  /// Requests that waited longer for a thread get 503.
  std::chrono::milliseconds max_wait{30'000};
  /// Told one line for each answer with a status of 500 or more, safe to print.
  std::function<void(const std::string&)> log;
  std::function<Timestamp()> now;  ///< Unset: the system's clock.
  /// Threads that help with large queries, shared by all that run.
  unsigned helpers = std::max(std::thread::hardware_concurrency(), 1U) - 1;
};

/// Everything between HTTP and the handlers: routing, parameters, errors, security headers,
/// metrics. Any thread.
class Service final : public HttpHandler {
 public:
  /// `reader` must outlive the service.
  Service(store::Reader& reader, ServiceOptions options);

  HttpResponse answer(const HttpRequest& request) override;
  HttpResponse refuse(int status, std::string_view message) override;

 private:
  HttpResponse route(const HttpRequest& request, std::string_view request_id,
                     std::string_view& route_label);
  Checked<HttpResponse> call(const Route& route, std::string argument, const HttpRequest& request,
                             std::string_view query, std::string_view request_id);

  ServiceOptions options_;
  Metrics metrics_;
  query::ThreadPool pool_;
  Context context_;
};

}  // namespace trailsift::server
