#include "query/holds.h"

#include <algorithm>

#include "schema/words.h"

namespace trailsift::query {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// False when `text` cannot have the piece. Cutting a text into pieces costs far more than a look
/// for their letters, and most texts do not have them. Folding other than ASCII's can change a
/// text's length, so there the answer is true.
bool may_hold(std::string_view text, std::string_view piece) {
  const auto found = std::search(text.begin(), text.end(), piece.begin(), piece.end(),
                                 [](char a, char b) { return lower(a) == b; });
  return found != text.end() || !is_ascii(text);
}

bool may_hold_all(std::string_view text, const Pieces& pieces) {
  return std::ranges::all_of(pieces,
                             [text](std::string_view piece) { return may_hold(text, piece); });
}

}  // namespace

bool holds(std::string_view text, const Phrase& phrase) {
  if (!may_hold_all(text, phrase.pieces)) return false;
  const Pieces pieces = pieces_of(text);
  return phrase.open_end ? contains_phrase_prefix(pieces, phrase.pieces)
                         : contains_phrase(pieces, phrase.pieces);
}

bool holds(std::string_view text, const Near& near) {
  return may_hold_all(text, near.pieces) &&
         contains_near(pieces_of(text), near.pieces, near.distance);
}

}  // namespace trailsift::query
