#include "query/holds.h"

#include <algorithm>
#include <cmath>
#include <compare>
#include <optional>

#include "query/folded.h"
#include "query/target.h"
#include "schema/number.h"
#include "schema/utf8.h"
#include "schema/words.h"

namespace trailsift::query {
namespace {

/// False when `text` cannot have the piece. Cutting a text into pieces costs far more than a look
/// for their letters, and most texts do not have them. Folding other than ASCII's can change a
/// text's length, so there the answer is true.
bool may_hold(std::string_view text, std::string_view piece) {
  return contains_folded(text, piece) || !is_ascii(text);
}

bool may_hold_all(std::string_view text, const Pieces& pieces) {
  return std::ranges::all_of(pieces,
                             [text](std::string_view piece) { return may_hold(text, piece); });
}

/// 64-bit integers and all usual fractions are told apart.
std::optional<long double> number(std::string_view text) {
  return parse_number<long double>(text);
}

std::partial_ordering compare(std::string_view value, std::string_view bound,
                              const Between& between) {
  if (between.by_number) {
    const auto left = number(value);
    const auto right = number(bound);
    return left && right ? *left <=> *right : std::partial_ordering::unordered;
  }
  const auto* field = std::get_if<FieldIndex>(&between.target);
  const FieldType type = field == nullptr ? FieldType::keyword : field_at(*field).type;
  return compare_values(type, value, bound);
}

}  // namespace

bool lies_between(std::string_view value, const Between& between) {
  const auto& [target, low, high, by_number] = between;
  if (low) {
    const auto order = compare(value, low->value, between);
    if (!(low->inclusive ? std::is_gteq(order) : std::is_gt(order))) return false;
  }
  if (high) {
    const auto order = compare(value, high->value, between);
    if (!(high->inclusive ? std::is_lteq(order) : std::is_lt(order))) return false;
  }
  return true;
}

bool is_number(std::string_view text) {
  return number(text).has_value();
}

bool is_equal(std::string_view value, const Equals& equals) {
  return equals.letters == LetterCase::any ? folds_to(value, equals.value) : value == equals.value;
}

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

bool holds(std::string_view text, const Fuzzy& fuzzy) {
  PieceReader reader;
  for (reader.begin(text); reader.next();) {
    if (fuzzy.text.is_like(reader.piece())) return true;
  }
  return false;
}

bool has_words(const Target& target) {
  return is_of_type(target, FieldType::text);
}

}  // namespace trailsift::query
