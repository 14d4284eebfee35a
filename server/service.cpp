#include "server/service.h"

#include <array>
#include <exception>
#include <random>
#include <utility>

#include <fmt/core.h>

#include "server/listen_address.h"
#include "server/target.h"

namespace trailsift::server {
namespace {

using std::chrono::steady_clock;

/// The page loads nothing but its own files, and no text of a log can become script.
constexpr std::string_view kContentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'";

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kSecurityHeaders = {{
    {"Content-Security-Policy", kContentPolicy},
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
  for (const auto& [name, value] : kSecurityHeaders) response.headers.emplace_back(name, value);
}

/// The shape of errors about paths that no route has.
ErrorShape shape_of(std::string_view path) {
  return path.starts_with("/2013-01-01/") ? ErrorShape::cloudsearch : ErrorShape::own;
}

Refusal refusal(ErrorCode code, std::string message, int status) {
  return Refusal{Error{code, std::move(message), {}}, {}, status};
}

bool is_form(const HttpRequest& request) {
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  const std::string_view type = request.content_type;
  if (type.size() < kForm.size()) return false;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const char c = type[i];
    if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != kForm[i]) return false;
  }
  return type.size() == kForm.size() || type[kForm.size()] == ';' || type[kForm.size()] == ' ';
}

}  // namespace

Service::Service(store::Reader& reader, ServiceOptions options)
    : options_(std::move(options)),
      pool_(options_.helpers),
      context_{reader,
               options_.data,
               metrics_,
               options_.version,
               steady_clock::now(),
               options_.query_timeout,
               options_.now,
               pool_} {
  if (!context_.now) {
    context_.now = [] {
      return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    };
  }
}

HttpResponse Service::answer(const HttpRequest& request) {
  const std::string request_id = new_request_id();
  std::string_view label = "none";
  HttpResponse response;
  std::string cause;
  try {
    response = route(request, request_id, label);
    if (response.status >= 500) cause = response.body;
  } catch (const std::exception& bug) {
    cause = bug.what();
    response = to_response(
        refusal(ErrorCode::internal, "internal error; the server's log tells more", 500),
        shape_of(request.target), request_id);
  }
  add_headers(response, request_id);
  metrics_.count_request(label, response.status, steady_clock::now() - request.received);
  if (!cause.empty() && options_.log) {
    options_.log(fmt::format("{} {}: {} (request {})", label, response.status, cause, request_id));
  }
  return response;
}

HttpResponse Service::refuse(int status, std::string_view message) {
  const std::string request_id = new_request_id();
  const ErrorCode code = status == 413 ? ErrorCode::too_large : ErrorCode::bad_request;
  // This shape has all members of the other, and nobody knows which of them is expected.
  HttpResponse response =
      to_response(refusal(code, std::string(message), status), ErrorShape::cloudsearch, request_id);
  add_headers(response, request_id);
  metrics_.count_request("none", status, {});
  return response;
}

HttpResponse Service::route(const HttpRequest& request, std::string_view request_id,
                            std::string_view& route_label) {
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
  route_label = found.route->path;
  auto response = call(*found.route, std::move(found.argument), request, target->query, request_id);
  return response ? std::move(*response)
                  : to_response(response.error(), found.route->shape, request_id);
}

Checked<HttpResponse> Service::call(const Route& route, std::string argument,
                                    const HttpRequest& request, std::string_view query,
                                    std::string_view request_id) {
  const auto waited = steady_clock::now() - request.received;
  if (waited > options_.max_wait) {
    return server::refuse(
        ErrorCode::unavailable,
        fmt::format("the server is busy: the request waited longer than the limit of {} ms",
                    options_.max_wait.count()));
  }
  auto parameters = Parameters::parse(query, is_form(request) ? request.body : "");
  if (!parameters) return tl::unexpected(parameters.error());
  return route.handler(context_, Call{std::move(argument), std::move(*parameters), request_id});
}

}  // namespace trailsift::server
