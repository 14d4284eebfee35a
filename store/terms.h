#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trailsift::store {

/// The terms of the inverted index: what is written by the segment builder and looked up by
/// queries. This header is the on-disk contract of `terms.glass`; docs/format.md draws it.
///
/// Only *loose* leaves have terms: those whose text no column holds. A loose leaf is *rare* when it
/// is a UUID, or one of its pieces stands in few leaves; then its pieces find it, its record
/// confirms it, and a term of its own would only take room.
///
///   L<path>=<value>      the exact value of a leaf that is not rare; `=` and `\` in the path
///   escaped
///                        by `\`
///   R<path>              a rare leaf at this path
///   T<piece>             a piece (schema/words.h) of a leaf that is no UUID, of up to
///                        kLongestWholePiece bytes
///   X<beginning><hash>   a longer one
///   W<piece> <piece> ... an identifier of two pieces or more (for_each_identifier) of a leaf that
///                        is not rare, or is a resource id such as i-0abc1234def567890
///   U<uuid>              a leaf that is a UUID
///
/// A term that Xapian could not hold keeps its head and ends in a hash of the whole.

/// Bytes of a term as Xapian counts them (a NUL counts twice).
constexpr std::size_t kMaxTermBytes = 245;
constexpr std::size_t kLongestWholePiece = 24;
constexpr std::size_t kLongPieceHead = 12;  ///< Bytes that the term of a longer one begins with.

std::string leaf_term(std::string_view path, std::string_view value);
std::string rare_term(std::string_view path);
std::string piece_term(std::string_view piece);
/// The same into a string that is used again.
void write_piece_term(std::string_view piece, std::string& term);
std::string identifier_term(std::span<const std::string> pieces);
std::string uuid_term(std::string_view uuid);

/// Whether the term stands for this one piece: else it is shared with those it cannot be told from.
bool is_whole(std::string_view piece);

/// What all terms begin with whose value begins with `prefix`. When `prefix` is so long that terms
/// of it are hashed, the answer is a shorter head (`exact` false): its terms are candidates only.
struct TermPrefix {
  std::string head;
  bool exact = true;
};
TermPrefix leaf_term_prefix(std::string_view path, std::string_view prefix);
/// Of the pieces that begin so, there are terms under each of these.
std::vector<TermPrefix> piece_term_prefixes(std::string_view prefix);
TermPrefix rare_term_prefix(std::string_view path);
TermPrefix uuid_term_prefix(std::string_view prefix);

/// Whether the term ends in a hash instead of the rest of its text.
bool is_hashed(std::string_view term);

/// What a leaf term that is not hashed is made of. The path is still escaped.
struct LeafTerm {
  std::string_view path;
  std::string_view value;
};
LeafTerm split_leaf_term(std::string_view term);

}  // namespace trailsift::store
