#include "store/dictionary.h"

#include <algorithm>
#include <compare>
#include <cstring>

#include "schema/uuid.h"
#include "store/packed.h"

namespace trailsift::store {
namespace {

/// An entry begins with how many bytes it has in common with the one before, or with this: a UUID.
constexpr std::uint8_t kUuid = 0xFF;
constexpr std::size_t kMostShared = 0xFE;
constexpr std::size_t kAhead = 16;  // Values that are fetched while one is encoded.

/// Reads one entry; `value` is the value before it, and becomes the entry's.
void take_entry(std::string_view& rest, std::string& value) {
  if (rest.empty()) return value.clear();
  const auto shared = static_cast<std::uint8_t>(rest.front());
  rest.remove_prefix(1);
  if (shared == kUuid) {
    const std::size_t size = std::min(rest.size(), kPackedUuidBytes);
    unpack_uuid(rest.substr(0, size), value);
    return rest.remove_prefix(size);
  }
  PackedReader reader(rest);
  const std::uint64_t size = reader.packed();
  value.resize(std::min<std::size_t>(shared, value.size()));
  value += reader.bytes(size);
  rest = reader.rest();
}

std::size_t shared_bytes(std::string_view a, std::string_view b) {
  const std::size_t most = std::min({a.size(), b.size(), kMostShared});
  return static_cast<std::size_t>(
      std::mismatch(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(most), b.begin()).first -
      a.begin());
}

}  // namespace

EncodedDictionary encode_dictionary(std::span<const std::string_view> values) {
  EncodedDictionary encoded;
  std::string& out = encoded.bytes;
  for (std::size_t rank = 0; rank < values.size(); ++rank) {
    const bool begins_block = rank % kDictionaryBlock == 0;
    if (begins_block) encoded.block_offsets.push_back(out.size());
    // Values stand where they were met, so each one read is a miss of the cache.
    if (rank + kAhead < values.size()) __builtin_prefetch(values[rank + kAhead].data());
    const std::string_view value = values[rank];
    if (is_uuid(value)) {
      out += static_cast<char>(kUuid);
      pack_uuid(value, out);
      continue;
    }
    const std::size_t shared = begins_block ? 0 : shared_bytes(values[rank - 1], value);
    out += static_cast<char>(shared);
    append_packed(out, value.size() - shared);
    out += value.substr(shared);
  }
  encoded.block_offsets.push_back(out.size());
  return encoded;
}

std::string Dictionary::value(std::uint32_t rank) const {
  std::string_view rest = block(rank / kDictionaryBlock);
  std::uint32_t left = rank % kDictionaryBlock;
  // UUIDs mostly stand among their like, and need not be unpacked to be passed over.
  constexpr std::size_t kEntry = 1 + kPackedUuidBytes;
  const auto is_uuid_at = [&](std::size_t at) {
    return at < rest.size() && static_cast<std::uint8_t>(rest[at]) == kUuid;
  };
  for (; left > 0 && is_uuid_at(0) && is_uuid_at(kEntry); --left) rest.remove_prefix(kEntry);
  std::string value;
  for (; left > 0; --left) take_entry(rest, value);
  take_entry(rest, value);
  return value;
}

std::uint32_t Dictionary::lower_bound(std::string_view wanted) const {
  const auto is_less = [&](std::string_view value) {
    return std::is_lt(compare_values(arrays_.type, value, wanted));
  };
  // The last block whose first value is less; the bound is in it or begins the next.
  std::uint32_t begin = 0;
  std::uint32_t end = (size() + kDictionaryBlock - 1) / kDictionaryBlock;
  while (begin < end) {
    const std::uint32_t middle = begin + (end - begin) / 2;
    if (is_less(value(middle * kDictionaryBlock))) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  if (begin == 0) return 0;
  const std::uint32_t last = std::min(begin * kDictionaryBlock, size());
  Cursor cursor(*this, (begin - 1) * kDictionaryBlock);
  while (cursor.rank() < last && is_less(cursor.value())) cursor.next();
  return cursor.rank();
}

std::optional<std::uint32_t> Dictionary::find(std::string_view wanted) const {
  const std::uint32_t rank = lower_bound(wanted);
  if (rank == size() || value(rank) != wanted) return std::nullopt;
  return rank;
}

void Dictionary::for_each_uuid(const VisitUuid& visit) const {
  PackedReader reader(arrays_.bytes);
  for (std::uint32_t rank = 0; rank < size() && !reader.rest().empty(); ++rank) {
    const bool uuid = static_cast<std::uint8_t>(reader.bytes(1).front()) == kUuid;
    const std::string_view bytes = reader.bytes(uuid ? kPackedUuidBytes : reader.packed());
    if (uuid && !visit(rank, bytes)) return;
  }
}

std::string_view Dictionary::block(std::uint32_t number) const {
  const std::uint64_t begin = std::min<std::uint64_t>(block_offset(number), arrays_.bytes.size());
  return arrays_.bytes.substr(begin);
}

std::uint64_t Dictionary::block_offset(std::uint32_t number) const {
  std::uint64_t offset = 0;
  std::memcpy(&offset, arrays_.block_offsets + std::size_t{number} * arrays_.offset_width,
              arrays_.offset_width);
  return offset;
}

Dictionary::Cursor::Cursor(const Dictionary& dictionary, std::uint32_t rank)
    : dictionary_(&dictionary), rank_(rank - rank % kDictionaryBlock) {
  if (at_end()) return;
  read();
  while (rank_ < rank) next();
}

void Dictionary::Cursor::seek(std::uint32_t rank) {
  rank = std::min(rank, dictionary_->size());
  const std::uint32_t block = rank - rank % kDictionaryBlock;
  if (block > rank_) {
    rank_ = block;
    if (!at_end()) read();
  }
  while (rank_ < rank && !at_end()) next();
}

void Dictionary::Cursor::next() {
  ++rank_;
  if (!at_end()) read();
}

void Dictionary::Cursor::read() {
  if (rank_ % kDictionaryBlock == 0) {
    rest_ = dictionary_->block(rank_ / kDictionaryBlock);
    value_.clear();
  }
  take_entry(rest_, value_);
}

}  // namespace trailsift::store
