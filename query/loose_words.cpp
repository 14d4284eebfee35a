#include "query/loose_words.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/quote.h"
#include "schema/utf8.h"
#include "schema/uuid.h"
#include "schema/words.h"
#include "store/terms.h"

namespace trailsift::query {
namespace {

/// Postings that can be read in the time that one record takes to fetch, flatten and test.
constexpr std::uint64_t kPostingsPerRecord = 3000;
/// A record takes as long as the new leaf values of about this many documents.
constexpr std::uint64_t kDocsPerRecord = 20;

using Verdict = SegmentAccess::Verdict;

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

/// Of `within`, the documents with a loose leaf, no UUID, in which a piece begins so.
Result<Bounds> with_beginning(std::string_view beginning, const DocSet& within,
                              SegmentAccess& access) {
  Bounds bounds;
  for (const auto& prefix : store::piece_term_prefixes(beginning)) {
    const Verdict verdict = prefix.exact ? Verdict::sure : Verdict::possible;
    const auto docs =
        access.with_terms(prefix.head, within, [verdict](std::string_view) { return verdict; });
    if (!docs) return tl::unexpected(docs.error());
    bounds.sure |= docs->sure;
    bounds.possible |= docs->possible;
  }
  return bounds;
}

/// Of `within`, no fewer than the documents with a loose leaf, no UUID, of which a piece has these
/// letters. Looks at every piece there is.
Result<DocSet> with_letters(std::string_view letters, const DocSet& within, SegmentAccess& access) {
  DocSet found;
  for (const auto& prefix : store::piece_term_prefixes("")) {
    // Of long pieces the terms tell the beginning alone.
    const bool whole = prefix.head == store::piece_term("");
    auto docs = access.with_terms(prefix.head, within, [&](std::string_view term) {
      return !whole || term.find(letters, 1) != std::string_view::npos ? Verdict::sure
                                                                       : Verdict::no;
    });
    if (!docs) return tl::unexpected(docs.error());
    found |= docs->possible;
  }
  return found;
}

/// Of `within`, the documents with a loose leaf, no UUID, of which a piece passes. Looks at every
/// piece there is.
Result<Bounds> with_like(const Words& words, const DocSet& within, SegmentAccess& access) {
  const std::string whole = store::piece_term("");
  Bounds bounds;
  for (const auto& prefix : store::piece_term_prefixes("")) {
    // Of long pieces the terms tell the beginning alone.
    const bool tells = prefix.head == whole;
    if (!tells && !words.like_beginning) continue;
    const auto docs = access.with_terms(prefix.head, within, [&](std::string_view term) {
      if (!tells) {
        const auto beginning = term.substr(prefix.head.size(), store::kLongPieceHead);
        return words.like_beginning(beginning) ? Verdict::possible : Verdict::no;
      }
      return words.like(term.substr(whole.size())) ? Verdict::sure : Verdict::no;
    });
    if (!docs) return tl::unexpected(docs.error());
    bounds.sure |= docs->sure;
    bounds.possible |= docs->possible;
  }
  return bounds;
}

/// Of `open`, no fewer than the documents with loose leaves, no UUIDs, that hold all the pieces.
Result<DocSet> with_all_pieces(DocSet open, std::span<const std::string> complete,
                               std::string_view beginning, SegmentAccess& access) {
  const auto ranked = by_frequency(complete, access);
  if (!ranked) return tl::unexpected(ranked.error());
  for (const auto& [frequency, piece] : *ranked) {
    if (open.empty() || !worth_narrowing(open, frequency)) return open;
    const auto docs = access.with_term(store::piece_term(piece));
    if (!docs) return tl::unexpected(docs.error());
    open &= *docs;
  }
  // How many terms have the beginning is not known before: as if every document were posted once.
  if (beginning.empty() || !worth_narrowing(open, access.segment().size())) return open;
  auto docs = with_beginning(beginning, open, access);
  if (!docs) return tl::unexpected(docs.error());
  return std::move(docs->possible);
}

/// The same by all that the words have.
Result<DocSet> with_all_pieces(const Words& words, DocSet open, SegmentAccess& access) {
  if (words.like) {
    auto bounds = with_like(words, open, access);
    if (!bounds) return tl::unexpected(bounds.error());
    return std::move(bounds->possible);
  }
  auto docs = with_all_pieces(std::move(open), words.complete, words.beginning, access);
  if (!docs || words.inside.empty() || !worth_narrowing(*docs, access.segment().size())) {
    return docs;
  }
  return with_letters(words.inside, *docs, access);
}

/// Of `within`, documents with a loose leaf, wherever, that is a UUID and holds the words.
Result<DocSet> with_uuid(const Words& words, const DocSet& within, SegmentAccess& access) {
  if (!words.may_stand_in_uuid()) return DocSet();
  if (const auto uuid = words.whole_uuid()) {
    const auto docs = access.with_term(store::uuid_term(*uuid));
    if (!docs) return tl::unexpected(docs.error());
    return *docs & within;
  }
  const auto head = store::uuid_term_prefix("").head;
  auto docs = access.with_terms(head, within, [&](std::string_view term) {
    return words.test(term.substr(head.size())) ? Verdict::sure : Verdict::no;
  });
  if (!docs) return tl::unexpected(docs.error());
  return std::move(docs->sure);
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

/// A single piece anywhere in the record is a term, and a single beginning is a range of terms.
Result<Bounds> with_one_piece(const Words& words, const DocSet& within, SegmentAccess& access) {
  if (words.like) return with_like(words, within, access);
  if (!words.beginning.empty()) return with_beginning(words.beginning, within, access);
  const std::string& piece = words.complete.front();
  auto docs = access.with_term(store::piece_term(piece));
  if (!docs) return tl::unexpected(docs.error());
  *docs &= within;
  if (store::is_whole(piece)) return exactly(std::move(*docs));
  return Bounds{DocSet(), std::move(*docs)};
}

/// What the terms of all leaves in the subtree begin with; those of a few others do too.
std::string without_end(std::string head) {
  // After the path the term of a leaf below goes on with a dot.
  if (head.ends_with('=')) head.pop_back();
  return head;
}

/// Which of the `open` documents have a leaf in the subtree that holds the words, by the values of
/// all leaves that are not rare: each is tested once. That pays when many documents are open.
Result<Bounds> by_leaf_terms(const Words& words, const DocSet& open, SegmentAccess& access) {
  if (open.count() * kDocsPerRecord < access.segment().size()) return Bounds{DocSet(), open};
  const std::string leaves = without_end(store::leaf_term_prefix(words.field.path, "").head);
  auto bounds = access.with_terms(leaves, open, [&](std::string_view term) {
    if (store::is_hashed(term)) return Verdict::possible;
    const auto [path, value] = store::split_leaf_term(term);
    return lies_in(path, words.field) && words.test(value) ? Verdict::sure : Verdict::no;
  });
  if (!bounds) return bounds;
  const std::string rare = store::rare_term_prefix(words.field.path).head;
  auto others = access.with_terms(rare, open, [&](std::string_view term) {
    return store::is_hashed(term) || lies_in(term.substr(1), words.field) ? Verdict::possible
                                                                          : Verdict::no;
  });
  if (!others) return others;
  bounds->possible |= others->possible;
  return bounds;
}

}  // namespace

Result<Bounds> with_loose_words(const Words& words, const DocSet& within, SegmentAccess& access) {
  const bool whole_record = words.field.path.empty();
  auto uuids = with_uuid(words, within, access);
  if (!uuids) return tl::unexpected(uuids.error());
  Bounds bounds;
  (whole_record ? bounds.sure : bounds.possible) = std::move(*uuids);
  if (whole_record && words.are_one_piece()) {
    auto docs = with_one_piece(words, within - bounds.sure, access);
    if (!docs) return docs;
    docs->sure |= bounds.sure;
    docs->possible |= bounds.sure;
    return docs;
  }
  if (whole_record) {
    const auto sure = with_identifier(words, within - bounds.sure, access);
    if (!sure) return tl::unexpected(sure.error());
    bounds.sure |= *sure;
  }
  const auto open = with_all_pieces(words, within - bounds.sure, access);
  if (!open) return tl::unexpected(open.error());
  const auto left = by_leaf_terms(words, *open, access);
  if (!left) return tl::unexpected(left.error());
  bounds.sure |= left->sure;
  bounds.possible |= bounds.sure;
  bounds.possible |= left->possible;
  return bounds;
}

Result<DocSet> with_all_words(const Words& words, const DocSet& within, SegmentAccess& access) {
  const auto uuids = with_uuid(words, within, access);
  if (!uuids) return uuids;
  auto others = with_all_pieces(words, within - *uuids, access);
  if (!others) return others;
  return *uuids | *others;
}

Result<DocSet> with_rare_value(std::string_view value, const DocSet& within,
                               SegmentAccess& access) {
  if (is_uuid(value)) {
    const auto docs = access.with_term(store::uuid_term(value));
    if (!docs) return tl::unexpected(docs.error());
    return *docs & within;
  }
  return with_all_pieces(within, pieces_of(value), {}, access);
}

Result<DocSet> with_rare_beginning(std::string_view beginning, const DocSet& within,
                                   SegmentAccess& access) {
  // A character that is cut off says nothing of the piece it is in: folded, it may be another.
  const auto cut = find_invalid_utf8(beginning);
  const std::string whole(beginning.substr(0, cut.value_or(beginning.size())));
  const Pieces pieces = pieces_of(whole);
  if (pieces.empty()) return within;
  // Where a letter more makes no piece more, the last piece may go on.
  const bool open = pieces_of(whole + 'x').size() == pieces.size();
  const std::span<const std::string> all = pieces;
  auto words = open ? with_all_pieces(within, all.first(all.size() - 1), all.back(), access)
                    : with_all_pieces(within, all, {}, access);
  if (!words) return words;
  const auto sure = [](std::string_view) { return Verdict::sure; };
  const auto uuids = access.with_terms(store::uuid_term_prefix(beginning).head, within, sure);
  if (!uuids) return tl::unexpected(uuids.error());
  return *words | uuids->sure;
}

}  // namespace trailsift::query
