#pragma once

#include <arpa/inet.h>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace trailsift::server {

/// A TCP connection to a port of this machine, for bytes that no HTTP client would send.
class RawConnection {
 public:
  explicit RawConnection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("cannot connect");
    }
  }
  ~RawConnection() { ::close(socket_); }
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  /// False when the other side has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// No more input will come from this side.
  void end() { ::shutdown(socket_, SHUT_WR); }

  /// Everything up to the end of the connection.
  std::string read_all() {
    std::string all;
    while (read_some(all)) {
    }
    return all;
  }

  /// Until `text` has come, or the connection ends.
  std::string read_until(std::string_view text) {
    std::string all;
    while (all.find(text) == std::string::npos && read_some(all)) {
    }
    return all;
  }

 private:
  bool read_some(std::string& out) {
    char bytes[4096];
    const ssize_t size = ::recv(socket_, bytes, sizeof bytes, 0);
    if (size > 0) out.append(bytes, static_cast<std::size_t>(size));
    return size > 0;
  }

  int socket_;
};

}  // namespace trailsift::server
