#include "query/network.h"

#include <algorithm>
#include <arpa/inet.h>
#include <netinet/in.h>

#include "schema/number.h"

namespace trailsift::query {
namespace {

constexpr std::size_t kMappedBytes = 12;  // Before an IPv4 address in one of IPv6.
constexpr unsigned kMappedBits = 96;
constexpr unsigned kAddressBits = 128;
constexpr std::size_t kLongestAddress = 45;

std::optional<unsigned> parse_bits(std::string_view text, unsigned most) {
  const auto bits = parse_number<unsigned>(text);
  return bits && *bits <= most ? bits : std::nullopt;
}

}  // namespace

std::optional<Network::Address> Network::parse_address(std::string_view text) {
  if (text.empty() || text.size() > kLongestAddress) return std::nullopt;
  // Most values that are no address have a letter here.
  const char first = text.front();
  if (first != ':' && (first < '0' || first > '9') && (first < 'a' || first > 'f') &&
      (first < 'A' || first > 'F')) {
    return std::nullopt;
  }
  const std::string terminated(text);
  Address address{};
  if (inet_pton(AF_INET6, terminated.c_str(), address.data()) == 1) return address;
  address.fill(0);
  address[kMappedBytes - 1] = address[kMappedBytes - 2] = 0xFF;
  if (inet_pton(AF_INET, terminated.c_str(), &address[kMappedBytes]) == 1) return address;
  return std::nullopt;
}

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  const bool is_v4 = text.substr(0, slash).find(':') == std::string_view::npos;
  const unsigned before = is_v4 ? kMappedBits : 0;
  Network network;
  network.bits_ = kAddressBits;
  if (slash != std::string_view::npos) {
    const auto bits = parse_bits(text.substr(slash + 1), kAddressBits - before);
    if (!bits) return std::nullopt;
    network.bits_ = before + *bits;
  }
  for (std::size_t i = 0; i < network.bits_ / 8; ++i) network.address_[i] = (*address)[i];
  if (const unsigned rest = network.bits_ % 8; rest != 0) {
    const std::size_t last = network.bits_ / 8;
    network.address_[last] = static_cast<std::uint8_t>((*address)[last] & (0xFF00U >> rest));
  }
  return network;
}

bool Network::contains(std::string_view text) const {
  const auto address = parse_address(text);
  if (!address) return false;
  const std::size_t whole = bits_ / 8;
  if (!std::equal(address->begin(), address->begin() + whole, address_.begin())) return false;
  const unsigned rest = bits_ % 8;
  return rest == 0 || (((*address)[whole] ^ address_[whole]) & (0xFF00U >> rest) & 0xFFU) == 0;
}

std::string Network::to_string() const {
  const Address mapped = *parse_address("::ffff:0:0");
  const bool is_v4 = bits_ >= kMappedBits &&
                     std::equal(mapped.begin(), mapped.begin() + kMappedBytes, address_.begin());
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto* const bytes = is_v4 ? &address_[kMappedBytes] : address_.data();
  inet_ntop(is_v4 ? AF_INET : AF_INET6, bytes, text.data(), text.size());
  return text.data() + ("/" + std::to_string(is_v4 ? bits_ - kMappedBits : bits_));
}

bool is_ipv6(std::string_view text) {
  return text.find(':') != std::string_view::npos && text.find('/') == std::string_view::npos &&
         Network::parse(text).has_value();
}

}  // namespace trailsift::query
