#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace trailsift::store {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

/// Collects the bytes of a small structure that is read back with ByteReader.
class ByteWriter {
 public:
  template <std::integral T>
  void put(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof(T));
  }
  /// At most 255 bytes.
  void put_name(std::string_view name) {
    put(static_cast<std::uint8_t>(name.size()));
    bytes_.append(name.substr(0, 255));
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads from the front; once the bytes have run out every answer is zero or empty, and ok() false.
class ByteReader {
 public:
  explicit ByteReader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <std::integral T>
  T get() {
    T value{};
    if (take(sizeof(T))) std::memcpy(&value, rest_.data() - sizeof(T), sizeof(T));
    return value;
  }
  std::string_view get_name() {
    const std::size_t size = get<std::uint8_t>();
    if (!take(size)) return {};
    return {reinterpret_cast<const char*>(rest_.data()) - size, size};
  }
  std::span<const std::byte> rest() const { return rest_; }
  bool ok() const { return ok_; }
  bool at_end() const { return rest_.empty(); }

 private:
  bool take(std::size_t size) {
    ok_ = ok_ && size <= rest_.size();
    if (ok_) rest_ = rest_.subspan(size);
    return ok_;
  }

  std::span<const std::byte> rest_;
  bool ok_ = true;
};

}  // namespace trailsift::store
