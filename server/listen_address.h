#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"

namespace trailsift::server {

/// Where a server listens.
struct ListenAddress {
  std::string address;     ///< An IP address, without brackets.
  std::uint16_t port = 0;  ///< 0: any free port.
  bool loopback = false;
};

/// `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080` (which is 127.0.0.1). No other names: what a
/// name resolves to can change, and this decides who can read the store.
Result<ListenAddress> parse_listen_address(std::string_view text);

/// `http://127.0.0.1:8080`, for people and scripts.
std::string url_of(const ListenAddress& address);

/// Whether this is an IP address of this machine alone: 127.0.0.0/8 or ::1, also as ::ffff:127.…
bool is_loopback_address(const std::string& address);

/// Whether a Host header can be trusted not to be the name of somebody else's site (DNS rebinding):
/// IP addresses, `localhost` and names below it, and the names in `allowed`; each with any port.
bool is_trusted_host(std::string_view host_header, const std::vector<std::string>& allowed);

}  // namespace trailsift::server
