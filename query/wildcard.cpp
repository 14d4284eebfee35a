#include "query/wildcard.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>

#include "schema/utf8.h"
#include "schema/words.h"

namespace trailsift::query {
namespace {

using Run = std::span<const std::string>;

/// Where the character at `position` ends.
std::size_t behind_character(std::string_view value, std::size_t position) {
  ++position;
  while (position < value.size() && continues_character(value[position])) ++position;
  return position;
}

/// Where the run ends if it stands at `position`.
std::optional<std::size_t> end_of(Run run, std::string_view value, std::size_t position) {
  for (std::size_t text = 0; text < run.size(); ++text) {
    if (text > 0) {
      if (position == value.size()) return std::nullopt;
      position = behind_character(value, position);
    }
    if (!value.substr(position).starts_with(run[text])) return std::nullopt;
    position += run[text].size();
  }
  return position;
}

/// Where the run ends at its first place from `position` on. An earlier place never ends later.
std::optional<std::size_t> find_end_of(Run run, std::string_view value, std::size_t position) {
  while (true) {
    position = value.find(run.front(), position);
    if (position == std::string_view::npos) return std::nullopt;
    if (const auto end = end_of(run, value, position)) return end;
    if (position == value.size()) return std::nullopt;
    position = behind_character(value, position);
  }
}

/// Whether the value ends with the run, all of it from `position` on.
bool ends_with(Run run, std::string_view value, std::size_t position) {
  std::size_t end = value.size();
  for (std::size_t text = run.size(); text-- > 0;) {
    if (!value.substr(0, end).ends_with(run[text])) return false;
    end -= run[text].size();
    if (text == 0) break;
    if (end == 0) return false;
    --end;
    while (end > 0 && continues_character(value[end])) --end;
  }
  return end >= position;
}

/// Where the run ends if it stands at `position`, which is no place inside a piece.
std::optional<std::size_t> end_between_pieces(Run run, std::string_view value,
                                              std::size_t position) {
  const auto end = end_of(run, value, position);
  return end && is_inside_piece(value, position) ? std::nullopt : end;
}

/// Adds the pieces of a text of a pattern; `open_left`: what stands before it may belong to its
/// first piece.
void add_pieces(std::string_view text, bool open_left, bool open_right,
                std::vector<Wildcard::Piece>& found) {
  using Place = Wildcard::Piece::Place;
  const Pieces pieces = pieces_of(text);
  const std::string letter("a");
  open_left = open_left && is_inside_piece(letter + std::string(text), letter.size());
  open_right = open_right && is_inside_piece(std::string(text) + letter, text.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const bool cut_left = open_left && i == 0;
    const bool cut_right = open_right && i + 1 == pieces.size();
    const Place place = cut_left ? Place::inside : cut_right ? Place::beginning : Place::complete;
    found.push_back({pieces[i], place});
  }
}

}  // namespace

Wildcard::Wildcard(std::string_view pattern, LetterCase letters, Extent extent)
    : pattern_(letters == LetterCase::any ? fold(pattern) : std::string(pattern)),
      letters_(letters),
      extent_(extent),
      runs_{Run{""}} {
  for (std::size_t at = 0; at < pattern_.size(); ++at) {
    if (pattern_[at] == '*') {
      runs_.push_back({""});
    } else if (pattern_[at] == '?') {
      runs_.back().emplace_back();
    } else {
      if (pattern_[at] == '\\' && at + 1 < pattern_.size()) ++at;
      runs_.back().back() += pattern_[at];
    }
  }
}

bool Wildcard::matches(std::string_view value) const {
  thread_local std::string folded;  // Dictionaries have millions of values.
  if (letters_ == LetterCase::any) {
    fold(value, folded);
    value = folded;
  }
  return extent_ == Extent::whole ? is_like_whole(value) : is_like_part(value);
}

std::string_view Wildcard::head() const {
  const bool known = letters_ == LetterCase::exact && extent_ == Extent::whole;
  return known ? std::string_view(runs_.front().front()) : std::string_view();
}

bool Wildcard::is_like_whole(std::string_view value) const {
  const auto begin = end_of(runs_.front(), value, 0);
  if (!begin) return false;
  if (runs_.size() == 1) return *begin == value.size();
  std::size_t position = *begin;
  for (std::size_t run = 1; run + 1 < runs_.size(); ++run) {
    const auto end = find_end_of(runs_[run], value, position);
    if (!end) return false;
    position = *end;
  }
  return ends_with(runs_.back(), value, position);
}

/// As with the whole, an earlier place of a run leaves more room to those behind it.
bool Wildcard::is_like_part(std::string_view value) const {
  std::optional<std::size_t> end;
  for (std::size_t at = 0; !end; at = behind_character(value, at)) {
    end = end_between_pieces(runs_.front(), value, at);
    if (end && runs_.size() == 1 && is_inside_piece(value, *end)) end.reset();
    if (at == value.size()) break;
  }
  if (!end || runs_.size() == 1) return end.has_value();
  std::size_t position = *end;
  for (std::size_t run = 1; run + 1 < runs_.size(); ++run) {
    end = find_end_of(runs_[run], value, position);
    if (!end) return false;
    position = *end;
  }
  if (runs_.back() == Run{""}) return true;
  for (; position <= value.size(); position = behind_character(value, position)) {
    end = end_of(runs_.back(), value, position);
    if (end && !is_inside_piece(value, *end)) return true;
  }
  return false;
}

bool Wildcard::is_any() const {
  return runs_.size() > 1 &&
         std::ranges::all_of(runs_, [](const Run& run) { return run == Run{""}; });
}

std::vector<Wildcard::Piece> Wildcard::pieces() const {
  std::vector<Piece> found;
  for (std::size_t run = 0; run < runs_.size(); ++run) {
    for (std::size_t text = 0; text < runs_[run].size(); ++text) {
      const bool first = run == 0 && text == 0;
      const bool last = run + 1 == runs_.size() && text + 1 == runs_[run].size();
      add_pieces(runs_[run][text], !first, !last, found);
    }
  }
  return found;
}

std::string literal_pattern(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace trailsift::query
