#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"

namespace trailsift::aws {

struct HttpHeader {
  std::string name;  ///< Lower case.
  std::string value;
};

/// What AWS Signature Version 4 needs beside the request itself.
struct RequestSignature {
  std::string access_key_id;
  std::string secret_access_key;
  std::string region;
  std::string service;  ///< The signing name, such as "s3".
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;

  /// The first value of the header `name` (lower case), or "".
  std::string_view header(std::string_view name) const;
  bool ok() const { return status / 100 == 2; }
};

/// Gets the bytes of a successful (2xx) body as they arrive, on the thread that asked, and the
/// response without its body; false ends the request as `cancelled`.
using HttpSink = std::function<bool(const HttpResponse& head, std::string_view bytes)>;

struct HttpRequest {
  std::string method = "GET";  ///< GET, HEAD, PUT or POST.
  std::string url;             ///< Absolute and encoded (aws/url.h); sent as it stands.
  std::vector<HttpHeader> headers;
  std::string body;
  std::optional<RequestSignature> signature;

  std::chrono::milliseconds connect_timeout{5'000};
  /// No byte came or went for so long. In whole seconds; 0: none.
  std::chrono::milliseconds idle_timeout{30'000};
  /// For the whole request; 0: none.
  std::chrono::milliseconds timeout{60'000};
  std::size_t max_response_bytes = std::size_t{16} << 20U;  ///< Of a 2xx body.

  bool allow_http = false;  ///< Otherwise https alone.
  /// For URLs that others wrote: connects to public addresses only, never to loopback, private,
  /// link-local or otherwise special ones, whatever the name resolves to. Behind a proxy of the
  /// environment the proxy connects, and only an address written in the URL is refused.
  bool public_address_only = false;
  /// Not through a proxy of the environment: for metadata endpoints of the machine itself.
  bool no_proxy = false;

  HttpSink sink;  ///< When set, a 2xx body goes here and HttpResponse::body stays empty.
};

struct HttpOptions {
  std::string ca_file;  ///< Certificates to trust instead of the system's; "": system.
  std::size_t max_idle_connections = 32;
};

constexpr std::size_t kMaxHeaderBytes = std::size_t{256} << 10U;
constexpr std::size_t kMaxErrorBytes = std::size_t{1} << 20U;  ///< Of a body that is not 2xx.

/// HTTP/1.1 over libcurl. Redirects are not followed; certificates and names are verified; TLS 1.2
/// or newer; bodies are not decoded. Connections are kept and used again. Any thread; every thread
/// that asks gets a connection of its own, so callers bound their number.
class HttpClient {
 public:
  static Result<std::unique_ptr<HttpClient>> make(HttpOptions options = {});
  virtual ~HttpClient() = default;

  /// Any status is a response. Errors: `unavailable` (no connection, timeout, connection lost or
  /// body cut short: may succeed when repeated), `too_large` (the limits above),
  /// `cancelled` (`stop` was requested: returns at once), `bad_request` (the URL, its scheme or its
  /// address is not allowed), `io` (TLS: the certificate or the protocol was refused). Messages
  /// name the host, never headers, query or body.
  virtual Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) = 0;
};

}  // namespace trailsift::aws
