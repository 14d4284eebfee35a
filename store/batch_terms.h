#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "schema/interner.h"
#include "schema/words.h"
#include "store/column.h"
#include "store/event_batch.h"
#include "store/leaf_postings.h"

namespace trailsift::store {

/// The inverted index of a batch (terms.h), before it is written. Borrows what it was made of.
class BatchTerms {
 public:
  BatchTerms(const EventBatch& batch, const LeafPostings& postings);

  /// A loose leaf is rare when one of its pieces stands in at most so many documents, or when the
  /// leaf itself does and its pieces, were they independent, would meet in as few. Queries do not
  /// rely on it: it only weighs room against time.
  static constexpr std::uint64_t kRareDocuments = 8;

  /// Calls `visit` for each term in byte order, with its documents in ascending order, until it
  /// fails.
  using Visit = std::function<Result<void>(std::string_view term, std::span<const DocId> docs)>;
  Result<void> for_each(const Visit& visit) const;

 private:
  /// A term of a leaf.
  struct Pair {
    std::uint32_t term = 0;
    LeafId leaf = 0;
  };

  class Union;

  std::vector<LeafId> loose_leaves() const;
  void add(LeafId leaf, std::string_view term);
  void add_words(LeafId leaf);
  void add_value(LeafId leaf);
  void add_identifiers(LeafId leaf);
  std::vector<char> are_rare(std::span<const LeafId> leaves,
                             std::span<const std::size_t> begins) const;
  bool is_rare(LeafId leaf, std::span<const Pair> pieces,
               std::span<const std::uint64_t> documents) const;
  void group_by_term();
  std::vector<std::uint32_t> in_order() const;
  void prefetch(std::span<const std::uint32_t> order) const;
  std::span<const DocId> docs_of(std::uint32_t term, Union& scratch) const;

  const EventBatch& batch_;
  const LeafPostings& postings_;
  Interner terms_;
  PieceReader reader_;
  std::string term_;
  std::vector<Pair> pairs_;
  std::vector<std::uint64_t> begins_;  // By term: where its leaves begin.
  std::vector<LeafId> leaves_;
};

}  // namespace trailsift::store
