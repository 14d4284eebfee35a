#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/event.h"

namespace trailsift::store {

/// The terms of the inverted index: what is written by the segment builder and looked up by
/// queries. This header is the on-disk contract of `terms.glass`; docs/format.md draws it.
///
///   F<field name>=<value>    the exact value of a keyword, ip, bool, integer or time field
///   L<path>=<value>          the exact value of a leaf; `=` and `\` in the path escaped by `\`.
///                            Not where a field other than text that is taken from the leaf has
///                            this very value: every leaf is in an L term or in such a field
///   T<piece>                 a piece (schema/words.h) of any leaf
///   W<piece> <piece> ...     an identifier of two pieces or more (for_each_identifier)
///
/// A term that Xapian could not hold keeps its head and ends in a hash of the whole.

/// Bytes of a term as Xapian counts them (a NUL counts twice).
constexpr std::size_t kMaxTermBytes = 245;

/// Fields that have `F` terms: those matched whole.
bool has_exact_terms(const Field& field);

std::string exact_term(const Field& field, std::string_view value);
std::string leaf_term(std::string_view path, std::string_view value);
std::string piece_term(std::string_view piece);
std::string identifier_term(std::span<const std::string> pieces);

/// What all terms begin with whose value begins with `prefix`. When `prefix` is so long that terms
/// of it are hashed, the answer is a shorter head (`exact` false): its terms are candidates only.
struct TermPrefix {
  std::string head;
  bool exact = true;
};
TermPrefix exact_term_prefix(const Field& field, std::string_view prefix);
TermPrefix leaf_term_prefix(std::string_view path, std::string_view prefix);
TermPrefix piece_term_prefix(std::string_view prefix);

/// Whether the term ends in a hash instead of the rest of its text.
bool is_hashed(std::string_view term);

/// What a leaf term that is not hashed is made of. The path is still escaped.
struct LeafTerm {
  std::string_view path;
  std::string_view value;
};
LeafTerm split_leaf_term(std::string_view term);

/// All terms of an event, sorted, none twice.
std::vector<std::string> terms_of(const Event& event);

}  // namespace trailsift::store
