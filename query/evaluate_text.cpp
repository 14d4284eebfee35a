#include "query/evaluate_text.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/decide_by_leaves.h"
#include "query/holds.h"
#include "schema/field.h"
#include "store/terms.h"

namespace trailsift::query {
namespace {

/// Postings that can be read in the time that one record takes to fetch, flatten and test.
constexpr std::uint64_t kPostingsPerRecord = 3000;

/// Documents whose distinct values can be tested in the time that one posting takes to read.
constexpr std::uint64_t kDocsPerPosting = 12;

using Verdict = SegmentAccess::Verdict;

/// What Phrase and Near have in common.
struct Words {
  const Field& field;
  std::span<const std::string> complete;  ///< Pieces that must be there as they are.
  std::string_view beginning;             ///< One more piece begins so; empty: no more pieces.
  std::string identifier;                 ///< The term that all by itself is enough; or empty.
  TextTest test;                          ///< Whether a text holds the words.
};

bool worth_narrowing(const DocSet& open, std::uint64_t postings) {
  return open.count() * kPostingsPerRecord >= postings;
}

/// The pieces without repeats, rarest first, with their frequencies.
using Ranked = std::vector<std::pair<std::uint32_t, std::string_view>>;
Result<Ranked> by_frequency(std::span<const std::string> pieces, SegmentAccess& access) {
  Ranked ranked;
  for (const auto& piece : pieces) {
    const auto frequency = access.frequency(store::piece_term(piece));
    if (!frequency) return tl::unexpected(frequency.error());
    ranked.emplace_back(*frequency, piece);
  }
  std::ranges::sort(ranked);
  ranked.erase(std::unique(ranked.begin(), ranked.end()), ranked.end());
  return ranked;
}

/// Whether the words could be found in a time such as 2021-07-29T23:53:26.120Z.
bool may_stand_in_time(const Words& words) {
  const auto fits = [](std::string_view piece) {
    return piece.find_first_not_of("0123456789tz") == std::string_view::npos;
  };
  return std::ranges::all_of(words.complete, fits) && fits(words.beginning);
}

/// Of `within`, the documents with a piece that begins as the words' last one.
Result<Bounds> with_beginning(const Words& words, const DocSet& within, SegmentAccess& access) {
  const auto prefix = store::piece_term_prefix(words.beginning);
  const Verdict verdict = prefix.exact ? Verdict::sure : Verdict::possible;
  return access.with_terms(prefix.head, within, [verdict](std::string_view) { return verdict; });
}

/// Of `open`, no fewer than the documents that hold all the pieces.
Result<DocSet> narrow(DocSet open, const Words& words, SegmentAccess& access) {
  const auto ranked = by_frequency(words.complete, access);
  if (!ranked) return tl::unexpected(ranked.error());
  for (const auto& [frequency, piece] : *ranked) {
    if (!worth_narrowing(open, frequency)) return open;
    const auto docs = access.with_term(store::piece_term(piece));
    if (!docs) return tl::unexpected(docs.error());
    open &= *docs;
  }
  // How many terms have the beginning is not known before: as if every document were posted once.
  if (words.beginning.empty() || !worth_narrowing(open, access.segment().size())) return open;
  auto docs = with_beginning(words, open, access);
  if (!docs) return tl::unexpected(docs.error());
  return std::move(docs->possible);
}

/// Of `within`, documents whose identifiers show that they hold the words, wherever in the record.
Result<DocSet> with_identifier(const Words& words, const DocSet& within, SegmentAccess& access) {
  if (words.identifier.empty()) return DocSet();
  if (words.beginning.empty()) {
    const auto docs = access.with_term(words.identifier);
    if (!docs) return tl::unexpected(docs.error());
    return *docs & within;
  }
  if (store::is_hashed(words.identifier) || !worth_narrowing(within, access.segment().size())) {
    return DocSet();
  }
  auto docs = access.with_terms(words.identifier, within, [](std::string_view term) {
    // What a hashed term ends in says nothing about the text.
    return store::is_hashed(term) ? Verdict::no : Verdict::sure;
  });
  if (!docs) return tl::unexpected(docs.error());
  return std::move(docs->sure);
}

/// A single piece of the whole record is a term, and a single beginning is a range of terms.
Result<Bounds> single_piece(const Words& words, const DocSet& within, SegmentAccess& access) {
  if (words.beginning.empty()) {
    const auto docs = access.with_term(store::piece_term(words.complete.front()));
    if (!docs) return tl::unexpected(docs.error());
    return exactly(*docs & within);
  }
  if (!worth_narrowing(within, access.segment().size())) return Bounds{DocSet(), within};
  return with_beginning(words, within, access);
}

Result<Bounds> in_subtree(const Words& words, const DocSet& within, SegmentAccess& access) {
  const bool whole_record = words.field.path.empty();
  const std::size_t pieces = words.complete.size() + (words.beginning.empty() ? 0 : 1);
  if (whole_record && pieces == 1) return single_piece(words, within, access);
  Bounds bounds;
  if (whole_record) {
    auto sure = with_identifier(words, within, access);
    if (!sure) return tl::unexpected(sure.error());
    bounds.sure = std::move(*sure);
  }
  const auto open = narrow(within - bounds.sure, words, access);
  if (!open) return tl::unexpected(open.error());
  const LeafTest test{words.field, words.test, may_stand_in_time(words)};
  const auto left = decide_by_leaves(test, *open, access);
  if (!left) return tl::unexpected(left.error());
  bounds.sure |= left->sure;
  bounds.possible = bounds.sure | left->possible;
  return bounds;
}

/// The documents whose value is worth a test. The text of a record's field is one of the leaves
/// that were indexed; when its rarest piece is frequent, testing the distinct values costs less.
Result<DocSet> candidates(const Words& words, const DocSet& within, SegmentAccess& access) {
  if (words.field.origin != Origin::record || words.field.type != FieldType::text) return within;
  const auto ranked = by_frequency(words.complete, access);
  if (!ranked) return tl::unexpected(ranked.error());
  if (ranked->empty()) return within;
  const auto& [frequency, piece] = ranked->front();
  if (frequency * kDocsPerPosting >= within.count()) return within;
  const auto docs = access.with_term(store::piece_term(piece));
  if (!docs) return tl::unexpected(docs.error());
  return *docs & within;
}

Result<Bounds> in_column(const Words& words, const DocSet& within, SegmentAccess& access) {
  const auto column = access.segment().column(index_of(words.field));
  if (!column) return tl::unexpected(column.error());
  if (*column == nullptr) return Bounds{};
  const auto worth_testing = candidates(words, within, access);
  if (!worth_testing) return tl::unexpected(worth_testing.error());
  auto docs = access.with_rank(**column, *worth_testing, [&](std::uint32_t rank) {
    return words.test((*column)->value(rank));
  });
  if (!docs) return tl::unexpected(docs.error());
  return exactly(std::move(*docs));
}

Result<Bounds> evaluate_words(const Words& words, const DocSet& within, SegmentAccess& access) {
  if (words.field.origin == Origin::subtree) return in_subtree(words, within, access);
  return in_column(words, within, access);
}

}  // namespace

Result<Bounds> evaluate_text(const Phrase& phrase, const DocSet& within, SegmentAccess& access) {
  const std::span<const std::string> pieces = phrase.pieces;
  const bool several = pieces.size() > 1;
  const Words words{
      field_at(phrase.field),
      phrase.open_end ? pieces.first(pieces.size() - 1) : pieces,
      phrase.open_end ? std::string_view(pieces.back()) : std::string_view(),
      several ? store::identifier_term(pieces) : std::string(),
      [&phrase](std::string_view text) { return holds(text, phrase); },
  };
  return evaluate_words(words, within, access);
}

Result<Bounds> evaluate_text(const Near& near, const DocSet& within, SegmentAccess& access) {
  const Words words{
      field_at(near.field),
      near.pieces,
      {},
      {},
      [&near](std::string_view text) { return holds(text, near); },
  };
  return evaluate_words(words, within, access);
}

}  // namespace trailsift::query
