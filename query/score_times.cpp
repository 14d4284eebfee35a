#include "query/score_times.h"

#include <algorithm>
#include <iterator>

#include "schema/words.h"

namespace trailsift::query {
namespace {

std::uint64_t places_of(const Pieces& phrase, const Pieces& text) {
  std::uint64_t places = 0;
  auto from = text.begin();
  while (true) {
    from = std::search(from, text.end(), phrase.begin(), phrase.end());
    if (from == text.end()) return places;
    ++places;
    ++from;
  }
}

}  // namespace

WordTimes times_in(std::string_view text, const Tree& condition) {
  const Pieces pieces = pieces_of(text);
  WordTimes found{1, pieces.size()};
  if (const auto* phrase = std::get_if<Phrase>(&condition.kind)) {
    found.times = std::max<std::uint64_t>(places_of(phrase->pieces, pieces), 1);
  }
  return found;
}

}  // namespace trailsift::query
