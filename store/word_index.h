#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/error.h"
#include "schema/field.h"
#include "schema/interner.h"
#include "schema/words.h"

namespace trailsift::store {

/// Whether the words of the field's values are in the word index: those of fields that hold the
/// text of a leaf. Values that are UUIDs are left out, as looking at all of them costs less.
bool has_words(const Field& field);

/// Makes the section `words` of the file `columns`: which values of the columns hold a piece.
class WordIndexWriter {
 public:
  /// The dictionary of a column; has_words(field).
  void add_column(const Field& field, std::span<const std::string_view> values);

  /// too_large when the section could not be addressed.
  Result<std::string> encode() const;

 private:
  struct ColumnEntry {
    std::string_view name;
    std::uint32_t value_count = 0;
    std::uint32_t uuid_count = 0;
  };
  struct Pair {
    std::uint32_t piece = 0;
    std::uint32_t value = 0;
  };

  void add_pieces(std::string_view value, std::uint32_t number);
  std::string head() const;

  std::vector<ColumnEntry> columns_;
  PieceReader reader_;
  Interner pieces_;
  std::vector<Pair> pairs_;  // Values ascend for each piece.
  std::uint32_t value_count_ = 0;
};

/// The section `words`, open. Borrows its bytes. Any thread.
class WordIndex {
 public:
  /// Checks what surrounds the lists; check() looks at all of it.
  static Result<WordIndex> open(std::span<const std::byte> bytes);

  /// Ranks in the dictionary of one column, ascending.
  struct Ranks {
    FieldIndex field = 0;
    std::vector<std::uint32_t> ranks;
  };
  /// The values that hold this piece; columns without one are left out.
  std::vector<Ranks> with_piece(std::string_view wanted) const;
  /// The values that hold a piece that begins so.
  std::vector<Ranks> with_beginning(std::string_view beginning) const;
  /// The values that hold a piece that passes; looks at every piece there is.
  std::vector<Ranks> with_pieces(const std::function<bool(std::string_view)>& passes) const;
  /// About how many values hold this piece.
  std::size_t frequency(std::string_view wanted) const;

  /// Whether the column has values that are UUIDs.
  bool has_uuids(FieldIndex field) const;

  /// Whether every number is in its range.
  bool check() const;

 private:
  struct ColumnEntry {
    std::optional<FieldIndex> field;  // Unless the schema has none such any more.
    std::uint32_t first_value = 0;
    std::uint32_t value_count = 0;
    std::uint32_t uuid_count = 0;
  };
  std::uint32_t offset(const std::byte* offsets, std::uint32_t at) const;
  std::string_view piece(std::uint32_t number) const;
  std::string_view list(std::uint32_t number) const;
  void append_list(std::uint32_t number, std::vector<std::uint32_t>& values) const;
  std::uint32_t lower_bound(std::string_view wanted) const;
  std::vector<Ranks> by_column(std::span<const std::uint32_t> values) const;

  std::vector<ColumnEntry> columns_;
  std::uint32_t piece_count_ = 0;
  std::uint32_t value_count_ = 0;
  const std::byte* text_offsets_ = nullptr;
  const std::byte* list_offsets_ = nullptr;
  std::string_view texts_;
  std::string_view lists_;
};

}  // namespace trailsift::store
