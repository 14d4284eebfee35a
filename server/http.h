#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trailsift::server {

/// One HTTP request, whole, as everything above the HTTP library sees it.
struct HttpRequest {
  std::string method;  ///< "GET"
  std::string target;  ///< Path and query as sent, percent-encoded.
  std::optional<std::string> host;
  std::string content_type;
  std::string body;
  std::chrono::steady_clock::time_point received;  ///< When its last byte had come.
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// What answers requests. Called by several threads at once; never throws.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;

  virtual HttpResponse answer(const HttpRequest& request) = 0;

  /// The answer to what never became a request: malformed, or larger than a limit.
  virtual HttpResponse refuse(int status, std::string_view message) = 0;
};

}  // namespace trailsift::server
