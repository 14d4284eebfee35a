#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "store/byte_arena.h"
#include "store/column.h"

namespace trailsift::store {

/// The terms of a batch of documents, collected document by document and given back term by term.
/// Takes one to three bytes per posting, and per distinct term its bytes and about 60 more.
class InvertedIndex {
 public:
  InvertedIndex();

  /// The documents of one term must come in ascending order; one that comes again at once changes
  /// nothing. Terms have at most kMaxTermBytes.
  void add(std::string_view term, DocId doc);
  /// The same for several terms of one document, which is faster than one by one.
  void add(std::span<const std::string> terms, DocId doc);

  std::size_t term_count() const { return terms_.size(); }

  /// Calls `visit` for each term in byte order with its documents, which are valid until the next
  /// call. The first failure ends it and is the answer.
  using Visit = std::function<Result<void>(std::string_view term, std::span<const DocId> docs)>;
  Result<void> for_each_in_order(const Visit& visit) const;

 private:
  using Place = ByteArena::Place;
  struct Term;
  class DocReader;

  struct Slot {
    std::uint32_t hash = 0;
    Place term = kNone;
  };
  static constexpr Place kNone = UINT32_MAX;

  Term& term_at(Place place) const;
  std::string_view text_at(Place place) const;
  std::size_t first_slot(std::uint32_t hash) const { return hash & (slots_.size() - 1); }
  void add_hashed(std::string_view text, std::uint32_t hash, DocId doc);
  void add_term(Slot& slot, std::string_view text, DocId doc);
  void add_doc(Term& term, DocId doc);
  void append(Term& term, char byte);
  void grow();

  ByteArena arena_;
  std::vector<Place> terms_;
  std::vector<Slot> slots_;  // A power of two, half of them free at least.
};

}  // namespace trailsift::store
