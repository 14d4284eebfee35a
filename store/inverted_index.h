#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
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

  std::size_t term_count() const { return terms_.size(); }

  /// Calls `visit` for each term in byte order with its documents, which are valid until the next
  /// call. The first failure ends it and is the answer.
  using Visit = std::function<Result<void>(std::string_view term, std::span<const DocId> docs)>;
  Result<void> for_each_in_order(const Visit& visit) const;

 private:
  /// The first document stands here, so that most terms need no more. To each of the others leads a
  /// packed difference in a chain of slices; behind each slice stands a pointer to the next.
  struct Term {
    const char* text;
    const char* head = nullptr;  // The first slice.
    char* at = nullptr;          // Where the next byte goes.
    DocId first;
    DocId last;
    std::uint32_t count = 1;  // Documents.
    std::uint16_t text_bytes;
    std::uint16_t left = 0;  // Bytes before the slice is full.

    std::string_view view() const { return {text, text_bytes}; }
  };
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t term = 0;  // One more than its number; 0: free.
  };
  class DocReader;

  void append(Term& term, char byte);
  void grow();

  ByteArena arena_;
  std::vector<Term> terms_;
  std::vector<Slot> slots_;  // A power of two, half of them free at least.
};

}  // namespace trailsift::store
