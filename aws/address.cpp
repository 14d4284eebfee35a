#include "aws/address.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>

namespace trailsift::aws {
namespace {

struct Range4 {
  std::uint32_t network;
  int bits;
};

constexpr std::uint32_t ipv4(std::uint32_t a, std::uint32_t b, std::uint32_t c = 0) {
  return a << 24U | b << 16U | c << 8U;
}

// What IANA's registry of special-purpose addresses does not call globally reachable.
constexpr std::array kSpecial4 = {
    Range4{ipv4(0, 0), 8},         Range4{ipv4(10, 0), 8},      Range4{ipv4(100, 64), 10},
    Range4{ipv4(127, 0), 8},       Range4{ipv4(169, 254), 16},  Range4{ipv4(172, 16), 12},
    Range4{ipv4(192, 0, 0), 24},   Range4{ipv4(192, 0, 2), 24}, Range4{ipv4(192, 88, 99), 24},
    Range4{ipv4(192, 168), 16},    Range4{ipv4(198, 18), 15},   Range4{ipv4(198, 51, 100), 24},
    Range4{ipv4(203, 0, 113), 24}, Range4{ipv4(224, 0), 4},     Range4{ipv4(240, 0), 4}};

bool is_public4(std::uint32_t address) {
  return std::ranges::none_of(kSpecial4, [address](const Range4& range) {
    return ((address ^ range.network) >> (32 - range.bits)) == 0;
  });
}

std::uint32_t embedded4(const in6_addr& address, std::size_t at) {
  std::uint32_t network_order = 0;
  std::memcpy(&network_order, &address.s6_addr[at], sizeof network_order);
  return ntohl(network_order);
}

bool begins_with(const in6_addr& address, std::initializer_list<std::uint8_t> bytes) {
  return std::equal(bytes.begin(), bytes.end(), &address.s6_addr[0]);
}

bool is_public6(const in6_addr& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address)) return is_public4(embedded4(address, 12));
  if (begins_with(address, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0}))  // NAT64
    return is_public4(embedded4(address, 12));
  if (begins_with(address, {0x20, 0x02})) return is_public4(embedded4(address, 2));  // 6to4
  if (begins_with(address, {0x20, 0x01, 0x0D, 0xB8})) return false;                // documentation
  if (begins_with(address, {0x20, 0x01}) && address.s6_addr[2] < 2) return false;  // Teredo …
  return (address.s6_addr[0] & 0xE0U) == 0x20;  // 2000::/3 is all there is so far.
}

}  // namespace

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return is_public4(ntohl(v4.sin_addr.s_addr));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    return is_public6(v6.sin6_addr);
  }
  return false;
}

bool is_special_address_literal(const std::string& host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  const std::string bare = bracketed ? host.substr(1, host.size() - 2) : host;
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(bare.c_str(), nullptr, &hints, &found) != 0) return false;
  const bool special = found != nullptr && !is_public_address(*found->ai_addr);
  freeaddrinfo(found);
  return special;
}

}  // namespace trailsift::aws
