#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>

#include "schema/field.h"

namespace trailsift::store {

/// Number of an event in its segment: 0 is the newest, ties in time are ordered by event id.
using DocId = std::uint32_t;

/// A half-open range of documents.
struct DocRange {
  DocId begin = 0;
  DocId end = 0;
};

/// The values of one field for all documents of a segment: a dictionary in the order of the
/// field's type, and per document an ordinal. Valid as long as the segment; any thread.
///
/// A document's *ordinal* is 0 when it has no value. In a column without tuples, ordinal n is the
/// value with rank n-1 of the dictionary. In a column with tuples (a field with several values),
/// ordinal n names tuple n-1, a list of ascending ranks.
class Column {
 public:
  /// Where the arrays of a column lie in its mapped file. Borrows.
  struct Arrays {
    FieldType type = FieldType::keyword;
    std::uint32_t doc_count = 0;
    std::uint32_t value_count = 0;
    std::uint32_t ordinal_count = 1;
    std::uint8_t ordinal_width = 1;            ///< 1, 2 or 4 bytes.
    std::uint8_t offset_width = 4;             ///< 4 or 8 bytes.
    const std::byte* value_offsets = nullptr;  ///< value_count + 1 of them.
    const char* value_bytes = nullptr;
    const std::byte* ordinals = nullptr;           ///< doc_count of them.
    const std::uint32_t* tuple_offsets = nullptr;  ///< ordinal_count of them, or no tuples.
    const std::uint32_t* tuple_ranks = nullptr;
  };

  explicit Column(const Arrays& arrays) : arrays_(arrays) {}

  /// Distinct values.
  std::uint32_t value_count() const { return arrays_.value_count; }
  std::string_view value(std::uint32_t rank) const {
    const std::uint64_t begin = value_offset(rank);
    return {arrays_.value_bytes + begin, value_offset(rank + 1) - begin};
  }

  /// Rank of the first value that is not less than `wanted` in the field type's order.
  std::uint32_t lower_bound(std::string_view wanted) const;
  /// Rank of exactly this value.
  std::optional<std::uint32_t> find(std::string_view wanted) const;

  /// One more than the largest ordinal.
  std::uint32_t ordinal_count() const { return arrays_.ordinal_count; }
  std::uint32_t ordinal(DocId doc) const {
    switch (arrays_.ordinal_width) {
      case 1: return load<std::uint8_t>(arrays_.ordinals, doc);
      case 2: return load<std::uint16_t>(arrays_.ordinals, doc);
      default: return load<std::uint32_t>(arrays_.ordinals, doc);
    }
  }
  /// Copies the ordinals of `range` to `out`, which has room for them: for scans.
  void ordinals(DocRange range, std::uint32_t* out) const;

  /// Whether some document has several values, so that ordinals name tuples.
  bool has_tuples() const { return arrays_.tuple_offsets != nullptr; }
  /// The ranks that an ordinal stands for: none, one, or a tuple's. In a column without tuples the
  /// answer is valid until the next call by this thread; copy what is kept.
  std::span<const std::uint32_t> ranks(std::uint32_t ordinal) const;

 private:
  template <class T>
  static T load(const std::byte* array, std::size_t index) {
    T value;
    std::memcpy(&value, array + index * sizeof(T), sizeof(T));
    return value;
  }
  std::uint64_t value_offset(std::uint32_t rank) const {
    return arrays_.offset_width == 4 ? load<std::uint32_t>(arrays_.value_offsets, rank)
                                     : load<std::uint64_t>(arrays_.value_offsets, rank);
  }

  Arrays arrays_;
};

}  // namespace trailsift::store
