#include "store/terms.h"

#include <algorithm>
#include <utility>

#include "store/term_hash.h"

namespace trailsift::store {
namespace {

/// A hashed term has exactly kMaxTermBytes as Xapian counts them, any other fewer: head, filler,
/// hash.
constexpr std::size_t kHeadBytes = kMaxTermBytes - kTermHashBytes;
constexpr char kFiller = ' ';

std::size_t counted_bytes(std::string_view text) {
  return text.size() + static_cast<std::size_t>(std::ranges::count(text, '\0'));
}

/// The longest beginning of `text` that Xapian counts as at most `limit` bytes.
std::string_view cut(std::string_view text, std::size_t limit) {
  std::size_t size = 0;
  for (std::size_t counted = 0; size < text.size(); ++size) {
    counted += text[size] == '\0' ? 2 : 1;
    if (counted > limit) break;
  }
  return text.substr(0, size);
}

/// `text` itself, or what stands for it when Xapian could not hold it.
std::string bounded(std::string text) {
  if (counted_bytes(text) < kMaxTermBytes) return text;
  std::string term(cut(text, kHeadBytes));
  term.append(kHeadBytes - counted_bytes(term), kFiller);
  return term + term_hash(text);
}

TermPrefix prefix_of(std::string text) {
  // A hashed term's last head byte may be filler: what is compared must end before it.
  constexpr std::size_t kSure = kHeadBytes - 1;
  if (counted_bytes(text) <= kSure) return {std::move(text), true};
  return {std::string(cut(text, kSure)), false};
}

std::string leaf_text(std::string_view path, std::string_view value) {
  std::string text = "L";
  for (const char c : path) {
    if (c == '=' || c == '\\') text += '\\';
    text += c;
  }
  text += '=';
  text += value;
  return text;
}

/// A long piece's term: its beginning and as much of a hash as makes others unlikely.
constexpr std::size_t kLongPieceHash = 10;

std::string rare_text(std::string_view path) {
  return "R" + std::string(path);
}

}  // namespace

std::string leaf_term(std::string_view path, std::string_view value) {
  return bounded(leaf_text(path, value));
}

std::string rare_term(std::string_view path) {
  return bounded(rare_text(path));
}

std::string piece_term(std::string_view piece) {
  std::string term;
  write_piece_term(piece, term);
  return term;
}

void write_piece_term(std::string_view piece, std::string& term) {
  if (is_whole(piece)) {
    term.assign(1, 'T').append(piece);
    return;
  }
  term.assign(1, 'X').append(piece.substr(0, kLongPieceHead));
  term.append(term_hash(piece), 0, kLongPieceHash);
}

std::string uuid_term(std::string_view uuid) {
  return "U" + std::string(uuid);
}

bool is_whole(std::string_view piece) {
  return piece.size() <= kLongestWholePiece;
}

std::string identifier_term(std::span<const std::string> pieces) {
  std::string text = "W";
  for (const auto& piece : pieces) {
    if (text.size() > 1) text += ' ';
    text += piece;
  }
  return bounded(std::move(text));
}

TermPrefix leaf_term_prefix(std::string_view path, std::string_view prefix) {
  return prefix_of(leaf_text(path, prefix));
}

std::vector<TermPrefix> piece_term_prefixes(std::string_view prefix) {
  std::vector<TermPrefix> prefixes;
  if (is_whole(prefix)) prefixes.push_back({"T" + std::string(prefix), true});
  prefixes.push_back(
      {"X" + std::string(prefix.substr(0, kLongPieceHead)), prefix.size() <= kLongPieceHead});
  return prefixes;
}

TermPrefix rare_term_prefix(std::string_view path) {
  return prefix_of(rare_text(path));
}

TermPrefix uuid_term_prefix(std::string_view prefix) {
  return {"U" + std::string(prefix), true};
}

bool is_hashed(std::string_view term) {
  return counted_bytes(term) == kMaxTermBytes;
}

LeafTerm split_leaf_term(std::string_view term) {
  const std::string_view text = term.substr(std::min<std::size_t>(1, term.size()));
  // Most paths have nothing escaped, and this is called for every leaf of a segment.
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return {text, {}};
  if (text.substr(0, equals).find('\\') == std::string_view::npos) {
    return {text.substr(0, equals), text.substr(equals + 1)};
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '=') return {text.substr(0, i), text.substr(i + 1)};
    if (text[i] == '\\') ++i;
  }
  return {text, {}};
}

}  // namespace trailsift::store
