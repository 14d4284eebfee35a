#pragma once

#include <memory>
#include <stdexcept>
#include <thread>

#include "server/http_server.h"

namespace trailsift::server {

/// An HttpServer on a free port of this machine, running until the end of its scope.
class RunningServer {
 public:
  explicit RunningServer(HttpHandler& handler, HttpOptions options = {}) {
    options.listen = ListenAddress{"127.0.0.1", 0, true};
    auto listening = HttpServer::listen(handler, options);
    if (!listening) throw std::runtime_error(listening.error().message);
    server_ = std::move(*listening);
    thread_ = std::jthread([this] { server_->run(); });
  }
  ~RunningServer() { stop(); }

  std::uint16_t port() const { return server_->address().port; }

  void begin_stop() { server_->stop(); }

  void stop() {
    server_->stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::unique_ptr<HttpServer> server_;
  std::jthread thread_;
};

}  // namespace trailsift::server
