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

/// Gets the bytes of a successful (2xx) body as they arrive; false ends the request with an error.
using BodySink = std::function<bool(std::string_view bytes)>;

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
  std::size_t max_response_bytes = 16U << 20U;

  /// For URLs that others wrote: connects to public addresses only, never to loopback, private,
  /// link-local or otherwise special ones, whatever the name resolves to. Behind a proxy of the
  /// environment the proxy connects, and only an address written in the URL is refused.
  bool public_address_only = false;
  /// Not through a proxy of the environment: for metadata endpoints of the machine itself.
  bool no_proxy = false;

  BodySink sink;  ///< When set, a 2xx body goes here and HttpResponse::body stays empty.
};

struct HttpResponse {
  int status = 0;
  std::vector<HttpHeader> headers;
  std::string body;

  /// The first value of the header `name` (lower case), or "".
  std::string_view header(std::string_view name) const;
};

struct HttpOptions {
  bool allow_http = false;        ///< Otherwise https alone.
  std::string ca_file;            ///< Certificates to trust instead of the system's; "": system.
  std::size_t max_idle_connections = 32;
};

constexpr std::size_t kMaxHeaderBytes = std::size_t{256} << 10U;

/// HTTP/1.1 over libcurl. Redirects are not followed; certificates and names are verified; TLS 1.2
/// or newer; bodies are not decoded. Connections are kept and used again. Any thread; every thread
/// that asks gets a connection of its own, so callers bound their number.
class HttpClient {
 public:
  static Result<std::unique_ptr<HttpClient>> make(HttpOptions options = {});
  virtual ~HttpClient() = default;

  /// Any status is a response. Errors: `unavailable` (no connection, timeout, connection lost or
  /// body cut short: may succeed when repeated), `too_large` (max_response_bytes, kMaxHeaderBytes),
  /// `cancelled` (`stop` was requested: returns at once), `bad_request` (the URL, its scheme or its
  /// address is not allowed), `io` (TLS: the certificate or the protocol was refused). Messages
  /// name the host, never headers, query or body.
  virtual Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) = 0;
};

}  // namespace trailsift::aws
