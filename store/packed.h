#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace trailsift::store {

/// Packed numbers: seven bits a byte, the lowest first; all bytes but the last have the high bit.
/// Xapian writes them so, and so do dictionaries and the index of words.

constexpr std::size_t kMaxPacked32 = 5;  ///< Bytes of the largest packed 32-bit number.

/// Writes at most 10 bytes; returns where they end.
inline char* put_packed(char* at, std::uint64_t value) {
  for (; value >= 128; value >>= 7U) *at++ = static_cast<char>(value | 128U);
  *at++ = static_cast<char>(value);
  return at;
}

inline void append_packed(std::string& out, std::uint64_t value) {
  std::array<char, 10> bytes;
  out.append(bytes.data(), put_packed(bytes.data(), value));
}

/// Reads packed numbers one behind the other; when the bytes end too early or a number is too
/// large, all further ones are 0 and ok() is false.
class PackedReader {
 public:
  explicit PackedReader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t packed() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; !rest_.empty() && shift < kMostBits; shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 127U} << shift;
      if (byte < 128) return value;
    }
    ok_ = false;
    rest_ = {};
    return 0;
  }

  /// The next `size` bytes; fewer when the bytes end before, and then ok() is false.
  std::string_view bytes(std::uint64_t size) {
    if (size > rest_.size()) ok_ = false;
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  bool ok() const { return ok_; }
  bool at_end() const { return ok_ && rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  static constexpr unsigned kMostBits = 56;  // More than any number that we know of.

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace trailsift::store
