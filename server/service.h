#pragma once

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "query/expensive_gate.h"
#include "query/thread_pool.h"
#include "server/http.h"
#include "server/keyed_documents.h"
#include "server/live_tail.h"
#include "server/metrics.h"
#include "server/push_routes.h"
#include "server/routes.h"
#include "store/store.h"

namespace trailsift::server {

/// Half of the cores for queries that take long.
inline query::ExpensiveGate::Options expensive_places() {
  return {.places = std::max<std::size_t>(1, std::thread::hardware_concurrency() / 2),
          .waiting = 8,
          .patience = std::chrono::milliseconds(20)};
}

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
  /// For the routes that take messages, which are closed without; must outlive the service.
  Sources* sources = nullptr;
  /// Requested when the server is told to stop: what takes long then ends early.
  std::stop_token stop = {};
  UrlGetter get_url;  ///< How subscriptions are confirmed by their URL; unset: over HTTPS.
  /// Threads that help with large queries, shared by all that run.
  unsigned helpers = std::max(std::thread::hardware_concurrency(), 1U) - 1;
  /// How many queries that take long run at a time. Each of them, running or waiting, holds one of
  /// the HTTP server's threads.
  query::ExpensiveGate::Options expensive = expensive_places();
  TailOptions tail;
};

/// Everything between HTTP and the handlers: routing, parameters, errors, security headers,
/// metrics. Any thread.
class Service final : public HttpHandler {
 public:
  /// `reader` must outlive the service.
  Service(store::Reader& reader, ServiceOptions options);

  BodyTerms body_terms(const HttpRequest& head) override;
  void answer(HttpRequest request, Respond respond) override;
  HttpResponse refuse(int status, std::string_view message, const HttpRequest* head) override;

 private:
  /// One request, for metrics and the log.
  struct Exchange {
    std::string request_id;
    std::chrono::steady_clock::time_point received;
    std::string_view label = "none";
  };

  HttpResponse answer_now(const HttpRequest& request, Exchange& exchange);
  HttpResponse route(const HttpRequest& request, Exchange& exchange);
  Checked<HttpResponse> call(const Route& route, std::string argument, const HttpRequest& request,
                             std::string_view query, std::string_view request_id);
  Checked<void> check_wait(const HttpRequest& request) const;
  HttpResponse finish(HttpResponse response, const Exchange& exchange, std::string_view cause);

  ServiceOptions options_;
  Metrics metrics_;
  query::ThreadPool pool_;
  query::ExpensiveGate gate_;
  LiveTail tail_;
  KeyedDocuments saved_;
  KeyedDocuments links_;
  Context context_;
  PushRoutes push_;  // Last: what is in hand uses the rest.
};

}  // namespace trailsift::server
