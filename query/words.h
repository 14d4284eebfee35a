#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "schema/field.h"

namespace trailsift::query {

/// Whether a text is one that is looked for.
using TextTest = std::function<bool(std::string_view text)>;

/// Whether a piece is.
using PieceTest = std::function<bool(std::string_view piece)>;

/// What conditions on the words of texts have in common. Borrows from them.
struct Words {
  const Field& field;                     ///< Where they are looked for.
  std::span<const std::string> complete;  ///< Pieces that must be there as they are.
  std::string_view beginning;             ///< One more piece begins so; empty: no more pieces.
  std::string identifier;                 ///< The term that all by itself is enough; or empty.
  TextTest test;                          ///< Whether the text of one value holds the words.

  std::string_view inside = {};  ///< One more piece has these letters; empty: none.
  /// Whether the pieces are no more than what a text must have, and need not be any: only `test`
  /// tells.
  bool is_filter = false;

  PieceTest like = {};  ///< Instead of the pieces: one piece passes, which is all that is wanted.
  /// Whether a piece that is too long for a term may pass, by its beginning; empty: none is.
  PieceTest like_beginning = {};
  bool in_uuids = true;  ///< False: no UUID holds the words.
  bool in_times = true;  ///< False: no time does.

  /// Whether a text that has the piece needs no test.
  bool are_one_piece() const {
    if (like) return true;
    return !is_filter && complete.size() + (beginning.empty() ? 0 : 1) == 1;
  }
  bool has_pieces() const {
    return !complete.empty() || !beginning.empty() || !inside.empty() || like;
  }
  /// Whether some UUID could hold them.
  bool may_stand_in_uuid() const;
  /// The UUID that they are the whole of, which is looked up like any value.
  std::optional<std::string> whole_uuid() const;
};

/// Whether the leaf at `path` is in the part of the record that a subtree field stands for.
inline bool lies_in(std::string_view path, const Field& subtree) {
  if (subtree.path.empty()) return true;
  return path.starts_with(subtree.path) &&
         (path.size() == subtree.path.size() || path[subtree.path.size()] == '.');
}

}  // namespace trailsift::query
