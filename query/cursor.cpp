#include "query/cursor.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "query/base64url.h"
#include "schema/field.h"
#include "schema/time.h"

namespace trailsift::query {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint32_t kAbsent = std::numeric_limits<std::uint32_t>::max();

/// FNV-1a, 64 bits. It guards against slips, not against forgery: a forged cursor only asks for
/// another page.
std::uint64_t hash(std::string_view bytes) {
  constexpr std::uint64_t kOffset = 14695981039346656037U;
  constexpr std::uint64_t kPrime = 1099511628211U;
  std::uint64_t hash = kOffset;
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * kPrime;
  return hash;
}

/// Field names, not indexes: those change between versions.
std::uint64_t request_hash(std::string_view fingerprint, std::span<const SortKey> keys) {
  std::string text(fingerprint);
  for (const SortKey& key : keys) {
    text += '\0';
    text += field_at(key.field).name;
    text += key.descending ? '-' : '+';
  }
  return hash(text);
}

class ByteWriter {
 public:
  template <class Number>
  void number(Number value) {
    for (unsigned shift = 0; shift < 8 * sizeof(Number); shift += 8) {
      bytes_ += static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xFFU);
    }
  }
  void text(std::string_view text) {
    number(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
};

/// Reads what ByteWriter wrote; nullopt when the bytes end before.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <class Number>
  std::optional<Number> number() {
    if (bytes_.size() < sizeof(Number)) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(Number); ++i) {
      value |= std::uint64_t{static_cast<unsigned char>(bytes_[i])} << (8 * i);
    }
    bytes_.remove_prefix(sizeof(Number));
    return static_cast<Number>(value);
  }

  std::optional<std::string> text(std::uint32_t size) {
    if (bytes_.size() < size) return std::nullopt;
    std::string text(bytes_.substr(0, size));
    bytes_.remove_prefix(size);
    return text;
  }

  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

tl::unexpected<Error> damaged() {
  return fail(ErrorCode::bad_request,
              "expected 'initial' or the cursor of an earlier answer, got one that is damaged");
}

/// What is in front of the position.
struct Header {
  std::uint8_t version = 0;
  std::uint64_t request = 0;
};

std::optional<Header> read_header(ByteReader& reader) {
  const auto version = reader.number<std::uint8_t>();
  const auto request = reader.number<std::uint64_t>();
  if (!version || !request) return std::nullopt;
  return Header{*version, *request};
}

/// False when the bytes end before or it is not a time that an event can have.
bool read_time(ByteReader& reader, Timestamp& time) {
  using std::chrono::sys_days;
  constexpr auto kJanuary = std::chrono::January / 1;
  constexpr Timestamp kFirst = sys_days(std::chrono::year(0) / kJanuary);
  constexpr Timestamp kLast = sys_days(std::chrono::year(10000) / kJanuary);
  const auto milliseconds = reader.number<std::int64_t>();
  if (!milliseconds) return false;
  time = Timestamp(std::chrono::milliseconds(*milliseconds));
  return kFirst <= time && time < kLast;
}

std::optional<Position> read_position(ByteReader& reader, std::size_t keys) {
  Position position;
  if (!read_time(reader, position.time)) return std::nullopt;
  const auto id_size = reader.number<std::uint32_t>();
  auto id = id_size ? reader.text(*id_size) : std::nullopt;
  if (!id) return std::nullopt;
  position.id = std::move(*id);
  for (std::size_t i = 0; i < keys; ++i) {
    const auto size = reader.number<std::uint32_t>();
    if (!size) return std::nullopt;
    position.values.emplace_back();
    if (*size == kAbsent) continue;
    auto value = reader.text(*size);
    if (!value) return std::nullopt;
    position.values.back() = std::move(*value);
  }
  if (!reader.at_end()) return std::nullopt;
  return position;
}

}  // namespace

std::vector<SortKey> cursor_keys(const SearchRequest& request) {
  if (request.computed_sort.empty()) return deciding_keys(request.sort);
  std::vector<SortKey> keys;
  for (const ComputedKey& key : request.computed_sort) {
    keys.push_back({event_id_field(), key.descending});
  }
  return keys;
}

std::string encode_cursor(const Position& position, std::string_view fingerprint,
                          std::span<const SortKey> keys) {
  ByteWriter writer;
  writer.number(kVersion);
  writer.number(request_hash(fingerprint, keys));
  writer.number(std::int64_t{position.time.time_since_epoch().count()});
  writer.text(position.id);
  for (const auto& value : position.values) {
    if (value) {
      writer.text(*value);
    } else {
      writer.number(kAbsent);
    }
  }
  writer.number(hash(writer.bytes()));
  return encode_base64url(writer.bytes());
}

Result<Position> decode_cursor(std::string_view cursor, std::string_view fingerprint,
                               std::span<const SortKey> keys) {
  const auto bytes = decode_base64url(cursor);
  if (!bytes || bytes->size() < sizeof(std::uint64_t)) return damaged();
  const std::string_view content =
      std::string_view(*bytes).substr(0, bytes->size() - sizeof(std::uint64_t));
  ByteReader checksum(std::string_view(*bytes).substr(content.size()));
  if (checksum.number<std::uint64_t>() != hash(content)) return damaged();
  ByteReader reader(content);
  const auto header = read_header(reader);
  if (!header) return damaged();
  if (header->version != kVersion) {
    return fail(ErrorCode::bad_request, "expected a cursor of version " + std::to_string(kVersion) +
                                            ", got version " + std::to_string(header->version));
  }
  if (header->request != request_hash(fingerprint, keys)) {
    return fail(ErrorCode::bad_request,
                "expected the cursor of this query and order, got one of another");
  }
  auto position = read_position(reader, keys.size());
  if (!position) return damaged();
  return std::move(*position);
}

}  // namespace trailsift::query
