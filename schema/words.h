#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace trailsift {

/// Case-folded text: two texts that differ only in case fold to the same bytes.
/// Bytes that are not UTF-8 are kept as they are.
std::string fold(std::string_view text);
/// The same into a string that is used again.
void fold(std::string_view text, std::string& out);

/// Whether the folded text of `text` is `folded`.
bool folds_to(std::string_view text, std::string_view folded);

/// Whether no text but this one folds to what it folds to: it has no letters, all is ASCII.
bool is_caseless(std::string_view text);

/// A piece is a maximal run of letters, digits and combining marks, folded. These are the smallest
/// things that free text finds: `i-0abc` holds the pieces `i` and `0abc`.
using Pieces = std::vector<std::string>;

Pieces pieces_of(std::string_view text);

/// Whether a piece goes on across position `at` of `text`, which lies between two characters.
bool is_inside_piece(std::string_view text, std::size_t at);

/// Gives the pieces of a text one after the other.
class PieceReader {
 public:
  /// `text` must be valid as long as its pieces are read.
  void begin(std::string_view text) { rest_ = text; }

  /// Goes on to the next piece; false: there is none.
  bool next();
  /// Valid until next().
  std::string_view piece() const { return piece_; }

 private:
  std::string_view rest_;
  std::string piece_;
};

/// A piece, and the bytes of the text that it was folded from.
struct PlacedPiece {
  std::string piece;
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::vector<PlacedPiece> placed_pieces_of(std::string_view text);

/// One word of a query for each stretch between white space: `AccessDenied alice@example.com` is
/// {accessdenied}, {alice, example, com}. Stretches without a piece are dropped.
std::vector<Pieces> query_words(std::string_view text);

/// True when `phrase` stands in `text` as consecutive pieces. An empty phrase is everywhere.
bool contains_phrase(std::span<const std::string> text, std::span<const std::string> phrase);

/// The same, where the last piece of `phrase` need only be the beginning of a piece.
bool contains_phrase_prefix(std::span<const std::string> text, std::span<const std::string> phrase);

/// True when all of `wanted` stand in `text`, in any order, with at most `distance` other pieces
/// between the first and the last of them.
bool contains_near(std::span<const std::string> text, std::span<const std::string> wanted,
                   std::size_t distance);

/// Calls `phrase` with the identifiers of two pieces or more that `value` can be seen to hold: the
/// whole of it, its stretches between white space, quotes and brackets, and their parts between
/// `:`, `/` and `=`. An index of these answers for most identifiers without a look at the record.
/// The views passed are into `value`; one may be passed more than once.
void for_each_identifier(std::string_view value,
                         const std::function<void(std::string_view)>& identifier);

}  // namespace trailsift
