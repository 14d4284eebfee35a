#include "query/folded.h"

#include <algorithm>

#include "schema/ascii.h"

namespace trailsift::query {
namespace {

bool same_letter(char a, char b) {
  return ascii_lower(a) == ascii_lower(b);
}

}  // namespace

bool contains_folded(std::string_view text, std::string_view part) {
  // Not std::ranges::search, which clang 14 cannot compile from the library of GCC 12.
  return part.empty() ||
         std::search(text.begin(), text.end(), part.begin(), part.end(), same_letter) != text.end();
}

bool starts_with_folded(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() &&
         std::ranges::equal(text.substr(0, beginning.size()), beginning, same_letter);
}

}  // namespace trailsift::query
