#include "query/folded.h"

#include <algorithm>

namespace trailsift::query {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_letter(char a, char b) {
  return lower(a) == lower(b);
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
