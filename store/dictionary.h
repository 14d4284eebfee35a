#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/field.h"

namespace trailsift::store {

/// The dictionary of a column: its distinct values in the order of the field's type, each with its
/// position as its rank. Values stand in blocks, of which the first is whole and each other says
/// what it has in common with the one before; UUIDs take 16 bytes. docs/format.md draws it.

/// Values in one block.
constexpr std::uint32_t kDictionaryBlock = 16;

/// A dictionary as it is on disk.
struct EncodedDictionary {
  std::vector<std::uint64_t> block_offsets;  ///< Where each block begins in `bytes`; and the end.
  std::string bytes;
};
EncodedDictionary encode_dictionary(std::span<const std::string_view> values);

/// An encoded dictionary. Borrows its bytes. Any thread. Bytes that are damaged give wrong values,
/// but are never read beyond.
class Dictionary {
 public:
  struct Arrays {
    FieldType type = FieldType::keyword;
    std::uint32_t value_count = 0;
    std::uint8_t offset_width = 4;             ///< 4 or 8 bytes.
    const std::byte* block_offsets = nullptr;  ///< One more than there are blocks.
    std::string_view bytes;
  };

  explicit Dictionary(const Arrays& arrays) : arrays_(arrays) {}

  std::uint32_t size() const { return arrays_.value_count; }

  std::string value(std::uint32_t rank) const;

  /// Rank of the first value that is not less than `wanted` in the field type's order.
  std::uint32_t lower_bound(std::string_view wanted) const;
  /// Rank of exactly these bytes.
  std::optional<std::uint32_t> find(std::string_view wanted) const;

  /// Calls `visit` with the binary form of each value that is a UUID, until it returns false.
  using VisitUuid = std::function<bool(std::uint32_t rank, std::string_view packed)>;
  void for_each_uuid(const VisitUuid& visit) const;

  /// Reads the values one after the other, which takes far less than asking for each.
  class Cursor {
   public:
    explicit Cursor(const Dictionary& dictionary, std::uint32_t rank = 0);
    /// Moves to a rank that is not below rank().
    void seek(std::uint32_t rank);
    bool at_end() const { return rank_ >= dictionary_->size(); }
    std::uint32_t rank() const { return rank_; }
    /// Valid until next().
    std::string_view value() const { return value_; }
    void next();

   private:
    void read();

    const Dictionary* dictionary_;
    std::uint32_t rank_ = 0;
    std::string_view rest_;  // Of the bytes, behind the value.
    std::string value_;
  };

 private:
  std::string_view block(std::uint32_t number) const;
  std::uint64_t block_offset(std::uint32_t number) const;

  Arrays arrays_;
};

}  // namespace trailsift::store
