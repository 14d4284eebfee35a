#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/field.h"
#include "store/dictionary.h"
#include "store/scan_kernels.h"

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
///
/// A column may be *joined*: then it keeps no ordinals, but sees those of another column, the key,
/// through a table. It does nothing for each document that the key would not do.
class Column {
 public:
  /// Where the arrays of a column lie in its mapped file. Borrows.
  struct Arrays {
    Dictionary::Arrays dictionary;
    std::uint32_t doc_count = 0;
    std::uint32_t ordinal_count = 1;
    std::uint8_t ordinal_width = 1;                ///< 1, 2 or 4 bytes.
    const std::byte* ordinals = nullptr;           ///< doc_count of them.
    const std::uint32_t* tuple_offsets = nullptr;  ///< ordinal_count of them, or no tuples.
    const std::uint32_t* tuple_ranks = nullptr;
  };

  explicit Column(const Arrays& arrays)
      : arrays_(arrays), dictionary_(arrays.dictionary), totals_(std::make_shared<Totals>()) {}
  /// The documents of `key` with other values: ordinal n of `key` becomes ordinal `joined[n]`.
  /// `key` has no tuples. Borrows all three.
  Column(const Column& key, std::span<const std::uint32_t> joined,
         const Dictionary::Arrays& values);

  const Dictionary& dictionary() const { return dictionary_; }
  /// Distinct values.
  std::uint32_t value_count() const { return dictionary_.size(); }
  std::string value(std::uint32_t rank) const { return dictionary_.value(rank); }
  /// Rank of the first value that is not less than `wanted` in the field type's order.
  std::uint32_t lower_bound(std::string_view wanted) const {
    return dictionary_.lower_bound(wanted);
  }
  /// Rank of exactly this value.
  std::optional<std::uint32_t> find(std::string_view wanted) const {
    return dictionary_.find(wanted);
  }

  /// One more than the largest ordinal.
  std::uint32_t ordinal_count() const { return arrays_.ordinal_count; }
  std::uint32_t ordinal(DocId doc) const {
    switch (arrays_.ordinal_width) {
      case 1: return load<std::uint8_t>(arrays_.ordinals, doc);
      case 2: return load<std::uint16_t>(arrays_.ordinals, doc);
      case kJoined: return joined_[key_->ordinal(doc)];
      default: return load<std::uint32_t>(arrays_.ordinals, doc);
    }
  }

  /// Writes a bitmap of the documents of `range` whose ordinal is one of `ordinals`: bit i of word
  /// w is document range.begin + 64 * w + i; the last word is filled up with zeros.
  void select(DocRange range, OrdinalRange ordinals, std::uint64_t* words) const;
  /// The same by a bitmap of ordinals, which has accepted_words(ordinal_count()) words.
  void select(DocRange range, std::span<const std::uint64_t> accepted, std::uint64_t* words) const;

  /// Adds the numbers of documents with each ordinal to `counts`, one for each ordinal.
  void count(DocRange range, std::span<std::uint32_t> counts) const;
  void count(std::span<const DocId> docs, std::span<std::uint32_t> counts) const;
  /// Bit i of word w is document `begin` + 64 * w + i, and is 0 where there is no document.
  void count(DocId begin, std::span<const std::uint64_t> words,
             std::span<std::uint32_t> counts) const;

  /// How many documents have each ordinal; empty where there are so many ordinals that the numbers
  /// are not worth their memory. Counted at the first call and kept.
  std::span<const std::uint32_t> totals() const;

  /// What documents have: how many have a value, and how many pieces (schema/words.h) are in all of
  /// theirs.
  struct PieceTotal {
    std::uint64_t documents = 0;
    std::uint64_t pieces = 0;
  };
  /// Of all documents. Counted at the first call and kept.
  PieceTotal piece_total() const;
  /// Of these.
  PieceTotal piece_total(std::span<const DocId> docs) const;

  /// Whether some document has several values, so that ordinals name tuples.
  bool has_tuples() const { return arrays_.tuple_offsets != nullptr; }
  /// The ranks that an ordinal stands for: none, one, or a tuple's. In a column without tuples the
  /// answer is valid until the next call by this thread; copy what is kept.
  std::span<const std::uint32_t> ranks(std::uint32_t ordinal) const;

 private:
  static constexpr std::uint8_t kJoined = 0;  // In the place of the width of own ordinals.

  template <class T>
  static T load(const std::byte* array, std::size_t index) {
    T value;
    std::memcpy(&value, array + index * sizeof(T), sizeof(T));
    return value;
  }

  struct Totals {
    std::once_flag once;  // Guards the first count.
    std::vector<std::uint32_t> counts;
    std::once_flag pieces_once;  // Guards the first count of pieces.
    PieceTotal pieces;
  };
  const std::byte* ordinals_from(DocId doc) const {
    return arrays_.ordinals + std::size_t{doc} * arrays_.ordinal_width;
  }

  bool is_joined() const { return key_ != nullptr; }
  template <class Accepts>
  void select_joined(DocRange range, const Accepts& accepts, std::uint64_t* words) const;
  template <class... Docs>
  void count_joined(std::span<std::uint32_t> counts, const Docs&... docs) const;

  Arrays arrays_;
  Dictionary dictionary_;
  std::shared_ptr<Totals> totals_;
  const Column* key_ = nullptr;  // Set when the column is joined.
  std::span<const std::uint32_t> joined_;
};

}  // namespace trailsift::store
