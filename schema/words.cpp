#include "schema/words.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <unordered_map>

#include <utf8proc.h>

#include "schema/ascii.h"
#include "schema/utf8.h"

namespace trailsift {
namespace {

/// Letters in lower case and digits by byte; 0 for all other bytes.
constexpr std::array<char, 256> kLower = [] {
  std::array<char, 256> table{};
  for (char c = '0'; c <= '9'; ++c) table.at(static_cast<unsigned char>(c)) = c;
  for (char c = 'a'; c <= 'z'; ++c) table.at(static_cast<unsigned char>(c)) = c;
  for (char c = 'A'; c <= 'Z'; ++c) table.at(static_cast<unsigned char>(c)) = ascii_lower(c);
  return table;
}();

bool is_ascii_alphanumeric(char c) {
  return kLower[static_cast<unsigned char>(c)] != 0;
}

/// How many letters and digits `text` begins with.
std::size_t ascii_run(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && is_ascii_alphanumeric(text[size])) ++size;
  return size;
}

void append_lower(std::string& out, std::string_view letters) {
  const std::size_t before = out.size();
  out.append(letters);
  for (std::size_t i = before; i < out.size(); ++i) {
    out[i] = kLower[static_cast<unsigned char>(out[i])];
  }
}

/// Broken bytes count as letters, so that they can be searched for and lose nothing beside them.
bool is_piece(Character character) {
  if (!character.is_valid) return true;
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(character.code_point))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO: return true;
    default: return false;
  }
}

/// Full case folding: one code point can become up to three, as with U+00DF. `bytes` are the
/// character's.
void append_folded(std::string& out, std::string_view bytes, Character character) {
  constexpr int kLongestFolding = 4;
  std::array<utf8proc_int32_t, kLongestFolding> folded{};
  int boundary = 0;
  const auto count =
      character.is_valid
          ? utf8proc_decompose_char(static_cast<utf8proc_int32_t>(character.code_point),
                                    folded.data(), kLongestFolding, UTF8PROC_CASEFOLD, &boundary)
          : 0;
  if (count <= 0 || count > kLongestFolding) {
    out += bytes;
    return;
  }
  for (utf8proc_ssize_t i = 0; i < count; ++i) {
    append_utf8(out, static_cast<char32_t>(folded.at(static_cast<std::size_t>(i))));
  }
}

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Between identifiers in prose, in lists and in JSON inside a string.
bool ends_identifier(char c) {
  return is_space(c) || std::string_view("\"'`,;()[]{}<>|\\").find(c) != std::string_view::npos;
}

bool ends_part(char c) {
  return c == ':' || c == '/' || c == '=';
}

/// Calls `stretch` with each longest stretch of `text` in which no byte is `ends`.
template <class Ends, class Stretch>
void split(std::string_view text, const Ends& ends, const Stretch& stretch) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !ends(text[i])) continue;
    if (i > begin) stretch(text.substr(begin, i - begin));
    begin = i + 1;
  }
}

/// Non-ASCII letters that punctuation separates are told apart later, by pieces_of; here it is
/// enough to know that a text without any punctuation is a single piece.
bool may_hold_two_pieces(std::string_view text) {
  return !std::ranges::all_of(text, is_ascii_alphanumeric);
}

}  // namespace

std::string fold(std::string_view text) {
  std::string out;
  fold(text, out);
  return out;
}

void fold(std::string_view text, std::string& out) {
  out.clear();
  out.reserve(text.size());
  while (!text.empty()) {
    if (is_ascii(text.front())) {
      out += ascii_lower(text.front());
      text.remove_prefix(1);
      continue;
    }
    const Character character = first_character(text);
    append_folded(out, text.substr(0, character.size), character);
    text.remove_prefix(character.size);
  }
}

bool folds_to(std::string_view text, std::string_view folded) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_ascii(text[i]))
      return fold(text.substr(i)) == folded.substr(std::min(i, folded.size()));
    if (i >= folded.size() || ascii_lower(text[i]) != folded[i]) return false;
  }
  return text.size() == folded.size();
}

bool is_caseless(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return is_ascii(c) && !(is_ascii_alphanumeric(c) && (c < '0' || c > '9'));
  });
}

bool is_inside_piece(std::string_view text, std::size_t at) {
  if (at == 0 || at >= text.size()) return false;
  const auto is_piece_at = [](std::string_view rest) {
    if (is_ascii(rest.front())) return is_ascii_alphanumeric(rest.front());
    return is_piece(first_character(rest));
  };
  if (!is_piece_at(text.substr(at))) return false;
  // Of bytes that are not UTF-8 each is a character.
  constexpr std::size_t kLongestCharacter = 4;
  for (std::size_t size = 1; size <= std::min(kLongestCharacter, at); ++size) {
    const std::string_view before = text.substr(at - size, size);
    const Character character = first_character(before);
    if (character.is_valid && character.size == size) return is_piece_at(before);
  }
  return true;
}

bool PieceReader::next() {
  piece_.clear();
  while (!rest_.empty()) {
    const std::size_t run = ascii_run(rest_);
    if (run > 0) {
      append_lower(piece_, rest_.substr(0, run));
      rest_.remove_prefix(run);
      if (rest_.empty()) break;
    }
    if (is_ascii(rest_.front())) {
      rest_.remove_prefix(1);
      if (!piece_.empty()) return true;
      continue;
    }
    const Character character = first_character(rest_);
    const std::string_view bytes = rest_.substr(0, character.size);
    rest_.remove_prefix(character.size);
    if (is_piece(character)) {
      append_folded(piece_, bytes, character);
    } else if (!piece_.empty()) {
      return true;
    }
  }
  return !piece_.empty();
}

Pieces pieces_of(std::string_view text) {
  Pieces pieces;
  PieceReader reader;
  for (reader.begin(text); reader.next();) pieces.emplace_back(reader.piece());
  return pieces;
}

std::vector<PlacedPiece> placed_pieces_of(std::string_view text) {
  std::vector<PlacedPiece> pieces;
  std::optional<std::size_t> begin;
  const auto end_piece = [&](std::size_t end) {
    if (begin) pieces.push_back({fold(text.substr(*begin, end - *begin)), *begin, end});
    begin.reset();
  };
  for (std::size_t at = 0; at < text.size();) {
    const Character character = first_character(text.substr(at));
    const bool inside = is_ascii(text[at]) ? is_ascii_alphanumeric(text[at]) : is_piece(character);
    if (!inside) end_piece(at);
    if (inside && !begin) begin = at;
    at += character.size;
  }
  end_piece(text.size());
  return pieces;
}

std::vector<Pieces> query_words(std::string_view text) {
  std::vector<Pieces> words;
  split(text, is_space, [&](std::string_view word) {
    if (auto pieces = pieces_of(word); !pieces.empty()) words.push_back(std::move(pieces));
  });
  return words;
}

bool contains_phrase(std::span<const std::string> text, std::span<const std::string> phrase) {
  return phrase.empty() ||
         std::search(text.begin(), text.end(), phrase.begin(), phrase.end()) != text.end();
}

bool contains_phrase_prefix(std::span<const std::string> text,
                            std::span<const std::string> phrase) {
  if (phrase.empty()) return true;
  const auto head = phrase.first(phrase.size() - 1);
  for (std::size_t i = 0; i + phrase.size() <= text.size(); ++i) {
    if (std::ranges::equal(text.subspan(i, head.size()), head) &&
        text[i + head.size()].starts_with(phrase.back())) {
      return true;
    }
  }
  return false;
}

bool contains_near(std::span<const std::string> text, std::span<const std::string> wanted,
                   std::size_t distance) {
  if (wanted.empty()) return true;
  // A window slides over the text; `missing` counts what the window still lacks, repeats included.
  std::unordered_map<std::string_view, std::ptrdiff_t> lacking;
  for (const auto& piece : wanted) ++lacking[piece];
  const std::size_t room = std::numeric_limits<std::size_t>::max() - wanted.size();
  const std::size_t longest = wanted.size() + std::min(distance, room);
  std::size_t missing = wanted.size();
  std::size_t begin = 0;
  for (std::size_t end = 0; end < text.size(); ++end) {
    if (const auto found = lacking.find(text[end]); found != lacking.end()) {
      if (found->second-- > 0) --missing;
    }
    if (end + 1 - begin > longest) {
      const auto left = lacking.find(text[begin++]);
      if (left != lacking.end() && ++left->second > 0) ++missing;
    }
    if (missing == 0) return true;
  }
  return false;
}

void for_each_identifier(std::string_view value,
                         const std::function<void(std::string_view)>& identifier) {
  if (!may_hold_two_pieces(value)) return;
  identifier(value);
  split(value, ends_identifier, [&](std::string_view stretch) {
    if (!may_hold_two_pieces(stretch)) return;
    if (stretch.size() != value.size()) identifier(stretch);
    split(stretch, ends_part, [&](std::string_view part) {
      if (part.size() != stretch.size() && may_hold_two_pieces(part)) identifier(part);
    });
  });
}

}  // namespace trailsift
