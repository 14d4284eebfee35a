#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace trailsift::query {

/// The addresses that have the first bits in common: an IPv4 or IPv6 network, or one address.
/// An IPv4 address and the same one mapped into IPv6 (`::ffff:198.51.100.1`) are equal.
class Network {
 public:
  /// `198.51.100.0/24`, `2001:db8::/32`, or an address alone. Bits behind the first ones do not
  /// count. nullopt for everything else.
  static std::optional<Network> parse(std::string_view text);

  /// Whether `text` is an address, alone, that lies in the network.
  bool contains(std::string_view text) const;

  /// In its shortest form, always with the number of bits: `198.51.100.0/24`.
  std::string to_string() const;

  friend bool operator==(const Network&, const Network&) = default;

 private:
  using Address = std::array<std::uint8_t, 16>;  // IPv4 mapped into IPv6.
  static std::optional<Address> parse_address(std::string_view text);

  Address address_{};
  unsigned bits_ = 0;  // Of 128.
};

/// Whether `text` is an address of IPv6, of which there are many spellings.
bool is_ipv6(std::string_view text);

}  // namespace trailsift::query
