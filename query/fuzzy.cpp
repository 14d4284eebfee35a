#include "query/fuzzy.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "schema/utf8.h"

namespace trailsift::query {
namespace {

/// The characters of a text. A byte that is no UTF-8 is like itself alone.
void decode(std::string_view text, std::u32string& out) {
  constexpr char32_t kInvalid = 0x110000;  // The first that is no code point.
  out.clear();
  while (!text.empty()) {
    const Character character = first_character(text);
    out += character.is_valid ? character.code_point : kInvalid + character.code_point;
    text.remove_prefix(character.size);
  }
}

/// Whether the distance is not above `most`: a table of which only the cells near to the diagonal
/// are worked out, as the others are above it in any case.
bool is_near(std::u32string_view a, std::u32string_view b, std::size_t most) {
  thread_local std::array<std::vector<std::size_t>, 3> rows;
  const std::size_t far = most + 1;
  for (auto& row : rows) row.assign(b.size() + 2, far);
  for (std::size_t j = 0; j <= std::min(b.size(), most); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i - 1) % 3];
    const auto& second = rows[(i + 1) % 3];
    const std::size_t begin = i > most ? i - most : 1;
    const std::size_t end = std::min(b.size(), i + most);
    row[begin - 1] = begin == 1 ? std::min(i, far) : far;
    std::size_t least = row[begin - 1];
    for (std::size_t j = begin; j <= end; ++j) {
      std::size_t cell = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cell = std::min({cell, above[j] + 1, row[j - 1] + 1});
      const bool exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (exchanged) cell = std::min(cell, second[j - 2] + 1);
      row[j] = std::min(cell, far);
      least = std::min(least, row[j]);
    }
    row[end + 1] = far;
    if (least == far) return false;
  }
  return rows[a.size() % 3][b.size()] <= most;
}

}  // namespace

FuzzyText::FuzzyText(std::string text, std::uint32_t edits)
    : text_(std::move(text)), edits_(std::min(edits, kMaxEdits)) {
  decode(text_, letters_);
}

bool FuzzyText::is_like(std::string_view other) const {
  constexpr std::size_t kMostBytes = 4;  // Of a character.
  const std::size_t size = letters_.size();
  if (other.empty() || other.size() + edits_ < size || other.size() > kMostBytes * (size + edits_))
    return false;
  thread_local std::u32string letters;
  decode(other, letters);
  if (letters.size() + edits_ < size || letters.size() > size + edits_) return false;
  return is_near(letters_, letters, edits_);
}

bool FuzzyText::may_be_longer_than(std::size_t bytes) const {
  return text_.size() + std::size_t{4} * edits_ > bytes;
}

std::size_t FuzzyText::others_than(std::string_view letters) const {
  return static_cast<std::size_t>(std::ranges::count_if(
      text_, [letters](char c) { return letters.find(c) == std::string_view::npos; }));
}

bool FuzzyText::may_stand_in_uuid() const {
  constexpr std::array<std::size_t, 3> kGroups = {4, 8, 12};
  const bool fits = std::ranges::any_of(kGroups, [&](std::size_t group) {
    return letters_.size() + edits_ >= group && letters_.size() <= group + edits_;
  });
  // A letter of several bytes is one edit, but what can be told apart is enough here.
  const bool ascii = letters_.size() == text_.size();
  return fits && (!ascii || others_than("0123456789abcdef") <= edits_);
}

bool FuzzyText::may_stand_in_time() const {
  constexpr std::size_t kLongestPiece = 5;  // 29t23
  const bool ascii = letters_.size() == text_.size();
  return letters_.size() <= kLongestPiece + edits_ &&
         (!ascii || others_than("0123456789tz") <= edits_);
}

}  // namespace trailsift::query
