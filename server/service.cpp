#include "server/service.h"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <random>
#include <utility>

#include <fmt/core.h>

#include "server/listen_address.h"
#include "server/page_files.h"
#include "server/target.h"

namespace trailsift::server {
namespace {

using std::chrono::steady_clock;

constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kSecurityHeaders = {{
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Cache-Control", "no-store"},
}};

/// A random UUID.
std::string new_request_id() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  const std::uint64_t a = random();
  const std::uint64_t b = random();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", a >> 32U, (a >> 16U) & 0xFFFFU,
                     a & 0xFFFU, 0x8000U | ((b >> 48U) & 0x3FFFU), b & 0xFFFFFFFFFFFFU);
}

void add_headers(HttpResponse& response, const std::string& request_id) {
  response.headers.emplace_back("x-amzn-RequestId", request_id);
  const auto add = [&](std::string_view name, std::string_view value) {
    // A handler knows better what may be kept of its answer, or which styles belong to its page.
    const auto given = std::ranges::find(
        response.headers, name, [](const auto& header) { return std::string_view(header.first); });
    if (given == response.headers.end()) response.headers.emplace_back(name, value);
  };
  static const std::string kPolicy = content_policy();
  add("Content-Security-Policy", kPolicy);
  for (const auto& [name, value] : kSecurityHeaders) add(name, value);
}

/// The shape of errors about paths that no route has.
ErrorShape shape_of(std::string_view path) {
  if (path.starts_with("/elastic/")) return ErrorShape::elastic;
  return path.starts_with("/2013-01-01/") ? ErrorShape::cloudsearch : ErrorShape::own;
}

Refusal refusal(ErrorCode code, std::string message, int status) {
  return Refusal{Error{code, std::move(message), {}}, {}, status};
}

/// A row that takes messages, if the request asks for one.
struct PushTarget {
  const Route* route = nullptr;
  std::string query;
};
std::optional<PushTarget> find_push(const HttpRequest& request) {
  auto target = parse_target(request.target);
  if (!target) return std::nullopt;
  const RouteMatch found = find_route(request.method, target->path);
  if (found.route == nullptr || !found.route->push) return std::nullopt;
  return PushTarget{found.route, std::move(target->query)};
}

}  // namespace

Service::Service(store::Reader& reader, ServiceOptions options)
    : options_(std::move(options)),
      pool_(options_.helpers),
      gate_(options_.expensive),
      tail_(reader, options_.tail),
      saved_(options_.data / "page-searches.json", {}),
      links_(options_.data / "page-links.json", {.documents = 10'000, .evicts = true}),
      context_{reader,
               options_.data,
               metrics_,
               options_.version,
               steady_clock::now(),
               options_.query_timeout,
               options_.now,
               pool_,
               gate_,
               tail_,
               options_.sources,
               options_.check_host,
               options_.allowed_hosts,
               options_.stop,
               &saved_,
               &links_},
      push_({options_.sources, options_.check_host, options_.allowed_hosts, options_.get_url,
             options_.log}) {
  if (!context_.now) {
    context_.now = [] {
      return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    };
  }
}

BodyTerms Service::body_terms(const HttpRequest& head) {
  const auto found = find_push(head);
  if (!found) return {};
  const PushRoute push = *found->route->push;
  const auto limit = push_.max_body_bytes(push, head);
  if (limit) return {*limit, {}};
  const Exchange exchange{new_request_id(), head.received, found->route->path};
  return {{}, finish(push_refusal(limit.error(), push, head, exchange.request_id), exchange, "")};
}

void Service::answer(HttpRequest request, Respond respond) {
  Exchange exchange{new_request_id(), request.received};
  const auto found = find_push(request);
  if (!found) return respond(answer_now(request, exchange));
  exchange.label = found->route->path;
  const PushRoute push = *found->route->push;
  const Respond done = [this, exchange, respond = std::move(respond)](HttpResponse response) {
    const std::string cause = response.status >= 500 ? response.body : "";
    respond(finish(std::move(response), exchange, cause));
  };
  if (const auto in_time = check_wait(request); !in_time) {
    return done(push_refusal(in_time.error(), push, request, exchange.request_id));
  }
  push_.take(push, std::move(request), found->query, exchange.request_id, done);
}

HttpResponse Service::answer_now(const HttpRequest& request, Exchange& exchange) {
  HttpResponse response;
  std::string cause;
  try {
    response = route(request, exchange);
    if (response.status >= 500) cause = response.body;
  } catch (const std::exception& bug) {
    cause = bug.what();
    response = to_response(
        refusal(ErrorCode::internal, "internal error; the server's log tells more", 500),
        shape_of(request.target), exchange.request_id);
  }
  return finish(std::move(response), exchange, cause);
}

HttpResponse Service::finish(HttpResponse response, const Exchange& exchange,
                             std::string_view cause) {
  add_headers(response, exchange.request_id);
  metrics_.count_request(exchange.label, response.status, steady_clock::now() - exchange.received);
  if (!cause.empty() && options_.log) {
    options_.log(fmt::format("{} {}: {} (request {})", exchange.label, response.status, cause,
                             exchange.request_id));
  }
  return response;
}

HttpResponse Service::refuse(int status, std::string_view message, const HttpRequest* head) {
  const Exchange exchange{new_request_id(), steady_clock::now()};
  const ErrorCode code = status == 413   ? ErrorCode::too_large
                         : status == 503 ? ErrorCode::unavailable
                                         : ErrorCode::bad_request;
  const Refusal reason = refusal(code, std::string(message), status);
  if (const auto found = head == nullptr ? std::nullopt : find_push(*head)) {
    return finish(push_refusal(reason, *found->route->push, *head, exchange.request_id),
                  {exchange.request_id, exchange.received, found->route->path}, "");
  }
  // This shape has all members of the other, and nobody knows which of them is expected.
  return finish(to_response(reason, ErrorShape::cloudsearch, exchange.request_id), exchange, "");
}

HttpResponse Service::route(const HttpRequest& request, Exchange& exchange) {
  const std::string& request_id = exchange.request_id;
  const auto target = parse_target(request.target);
  const ErrorShape shape = shape_of(target ? target->path : request.target);
  const auto refused = [&](const Refusal& reason) {
    return to_response(reason, shape, request_id);
  };
  if (!target) return refused(Refusal{target.error()});
  if (options_.check_host &&
      !(request.host && is_trusted_host(*request.host, options_.allowed_hosts))) {
    return refused(refusal(ErrorCode::bad_request,
                           "host '" + request.host.value_or("") +
                               "' is not allowed: use an IP address or localhost, or start the "
                               "server with --allow-host",
                           403));
  }
  RouteMatch found = find_route(request.method, target->path);
  if (found.route == nullptr && found.allowed_methods.empty()) {
    return refused(refusal(ErrorCode::not_found, "there is no route '" + target->path + "'", 404));
  }
  if (found.route == nullptr) {
    HttpResponse response = refused(refusal(ErrorCode::bad_request,
                                            "expected " + found.allowed_methods + " for '" +
                                                target->path + "', got '" + request.method + "'",
                                            405));
    response.headers.emplace_back("Allow", found.allowed_methods);
    return response;
  }
  exchange.label = found.route->path;
  auto response = call(*found.route, std::move(found.argument), request, target->query, request_id);
  return response ? std::move(*response)
                  : to_response(response.error(), found.route->shape, request_id);
}

Checked<HttpResponse> Service::call(const Route& route, std::string argument,
                                    const HttpRequest& request, std::string_view query,
                                    std::string_view request_id) {
  if (auto in_time = check_wait(request); !in_time) return tl::unexpected(in_time.error());
  auto parameters = Parameters::parse(query, is_form(request) ? request.body : "");
  if (!parameters) return tl::unexpected(parameters.error());
  return route.handler(context_,
                       Call{std::move(argument), std::move(*parameters), request_id, request});
}

Checked<void> Service::check_wait(const HttpRequest& request) const {
  const auto waited = steady_clock::now() - request.received;
  if (waited > options_.max_wait) {
    return server::refuse(
        ErrorCode::unavailable,
        fmt::format("the server is busy: the request waited longer than the limit of {} ms",
                    options_.max_wait.count()));
  }
  return {};
}

}  // namespace trailsift::server
