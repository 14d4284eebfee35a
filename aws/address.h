#pragma once

#include <string>
#include <sys/socket.h>

namespace trailsift::aws {

/// Whether the address is one of the public internet: not loopback, private, link-local, shared,
/// documentation, multicast or reserved, and no IPv6 form that wraps such an IPv4 address.
bool is_public_address(const sockaddr& address);

/// Whether `host` is written as an address (in any form a resolver takes for one, such as
/// "127.1" or "[::1]") that is not public. A name is not: it is judged by what it resolves to.
bool is_special_address_literal(const std::string& host);

}  // namespace trailsift::aws
