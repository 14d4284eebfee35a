#include "query/words.h"

#include <algorithm>

#include "schema/uuid.h"

namespace trailsift::query {

bool Words::may_stand_in_uuid() const {
  return in_uuids &&
         std::ranges::all_of(
             complete, [](const auto& piece) { return UuidPiece(piece, true).is_possible(); }) &&
         UuidPiece(beginning, false).is_possible() && UuidPiece(inside, false).is_possible();
}

std::optional<std::string> Words::whole_uuid() const {
  constexpr std::size_t kGroups = 5;
  if (complete.size() != kGroups || !beginning.empty()) return std::nullopt;
  std::string text;
  for (const auto& piece : complete) text += (text.empty() ? "" : "-") + piece;
  // Near asks for its pieces in any order.
  return is_uuid(text) && !identifier.empty() ? std::optional(text) : std::nullopt;
}

}  // namespace trailsift::query
