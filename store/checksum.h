#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace trailsift::store {

/// XXH3-64, the checksum of everything on disk: it finds accidents, not forgeries.
std::uint64_t checksum(std::span<const std::byte> bytes);
std::uint64_t checksum(std::string_view text);

/// The same over bytes that come in pieces.
class Checksum {
 public:
  Checksum();
  Checksum(Checksum&& other) noexcept;
  Checksum& operator=(Checksum&& other) noexcept;
  Checksum(const Checksum&) = delete;
  Checksum& operator=(const Checksum&) = delete;
  ~Checksum();

  void add(std::span<const std::byte> bytes);
  std::uint64_t value() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Two independent hashes of a key, for filters.
struct KeyHash {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
};
KeyHash key_hash(std::string_view key);

/// Sixteen lower-case hexadecimal digits, as checksums stand in JSON.
std::string hex(std::uint64_t value);

}  // namespace trailsift::store
