#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "schema/error.h"
#include "server/http.h"
#include "server/listen_address.h"

namespace trailsift::server {

/// What one client may ask of the server. Requests beyond a size get 413, naming the limit.
struct HttpLimits {
  std::size_t max_uri_bytes = 64UL * 1024;
  std::size_t max_header_bytes = 32UL * 1024;  ///< All headers of a request together.
  /// Unless the handler says otherwise (HttpHandler::body_terms).
  std::size_t max_body_bytes = 1024UL * 1024;
  /// Of all bodies that are received at a time; further ones get 503 before they are read. Bodies
  /// up to `uncounted_body_bytes` are always read, so that large ones cannot keep out the rest.
  std::size_t max_receiving_bytes = 256UL * 1024 * 1024;
  std::size_t uncounted_body_bytes = 16UL * 1024;
  /// Further ones wait in the system's queue until one of these is closed.
  std::size_t max_connections = 4096;
  /// From the opening of a connection, or the previous answer on it, to the end of the next head.
  std::chrono::milliseconds head_timeout{15'000};
  std::chrono::milliseconds body_timeout{30'000};  ///< For each MiB of a body.
  /// For each 64 kB of an answer.
  std::chrono::milliseconds write_timeout{20'000};
  /// For requests under way when the server is told to stop.
  std::chrono::milliseconds stop_timeout{10'000};
};

struct HttpOptions {
  ListenAddress listen;
  std::size_t threads = 0;  ///< That answer requests; 0: as many as cores, two at least.
  HttpLimits limits;
};

/// An HTTP/1.1 server. One thread (the one in run()) does all input and output, so that slow
/// clients cost no threads; a pool of others calls the handler. Requests that wait for their answer
/// cost no threads either.
class HttpServer {
 public:
  /// Binds and listens, so that clients can connect before run(). `handler` must outlive the
  /// server. Errors: io, naming the address.
  static Result<std::unique_ptr<HttpServer>> listen(HttpHandler& handler,
                                                    const HttpOptions& options);
  virtual ~HttpServer() = default;

  /// With the port that was bound.
  virtual const ListenAddress& address() const = 0;

  /// Serves until stopped; returns after the requests under way were answered, or closed when that
  /// took longer than HttpLimits::stop_timeout.
  virtual void run() = 0;

  /// Any thread, any number of times.
  virtual void stop() = 0;
};

}  // namespace trailsift::server
