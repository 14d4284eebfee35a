#include "query/highlight.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "query/holds.h"
#include "query/overloaded.h"
#include "query/quote.h"
#include "schema/utf8.h"
#include "schema/words.h"

namespace trailsift::query {
namespace {

/// Of the text that stands around a marked place.
constexpr std::size_t kAround = 80;

bool begins_phrase(std::span<const PlacedPiece> text, const Phrase& phrase) {
  if (text.size() < phrase.pieces.size()) return false;
  for (std::size_t i = 0; i < phrase.pieces.size(); ++i) {
    const bool open = phrase.open_end && i + 1 == phrase.pieces.size();
    const std::string& piece = text[i].piece;
    if (open ? !piece.starts_with(phrase.pieces[i]) : piece != phrase.pieces[i]) return false;
  }
  return true;
}

bool has_space(std::string_view text) {
  return text.find_first_of(" \t\r\n") != std::string_view::npos;
}

/// The words of a phrase, of which pieces that no space separates are one.
void add_words(std::string_view text, std::span<const PlacedPiece> pieces,
               std::vector<Span>& words) {
  bool joined = false;
  for (const PlacedPiece& piece : pieces) {
    joined = joined && !has_space(text.substr(words.back().end, piece.begin - words.back().end));
    if (joined) {
      words.back().end = piece.end;
    } else {
      words.push_back({piece.begin, piece.end});
    }
    joined = true;
  }
}

std::string escaped_for_html(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte >= 0x80 || c == ' ' || (c >= '0' && c <= '9') ||
                       (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (plain) {
      out += c;
    } else {
      out += "&#x";
      if (byte > 0xF) out += kDigits[byte >> 4U];
      out += kDigits[byte & 0xFU];
      out += ';';
    }
  }
  return out;
}

bool inside_character(std::string_view text, std::size_t at) {
  return at < text.size() && continues_character(text[at]);
}

/// Up to kAround bytes on both sides of a place, cut between characters.
Span around(std::string_view text, Span place) {
  Span span{place.begin - std::min(place.begin, kAround),
            std::min(text.size(), place.end + kAround)};
  while (inside_character(text, span.begin)) ++span.begin;
  while (inside_character(text, span.end)) --span.end;
  return span;
}

/// The text around some places, which are marked; what is left out between them is "...".
std::string written_excerpt(std::string_view text, std::span<const Span> words,
                            const HighlightStyle& style) {
  const auto written = [&](std::size_t begin, std::size_t end) {
    const std::string_view part = text.substr(begin, end - begin);
    return style.html ? escaped_for_html(part) : std::string(part);
  };
  std::string out;
  std::size_t at = around(text, words.front()).begin;
  if (at > 0) out += "...";
  for (std::size_t i = 0; i < words.size(); ++i) {
    const Span word = words[i];
    out += written(at, word.begin) + style.before + written(word.begin, word.end) + style.after;
    at = word.end;
    const std::size_t shown = around(text, word).end;
    const std::size_t next = i + 1 < words.size() ? around(text, words[i + 1]).begin : text.size();
    if (next <= shown) continue;
    out += written(at, shown);
    if (shown < text.size()) out += "...";
    at = next;
  }
  if (at < text.size()) out += written(at, text.size());
  return out;
}

}  // namespace

HighlightWords::HighlightWords(const Tree& tree, FieldIndex field) {
  collect(tree, field);
}

void HighlightWords::collect(const Tree& tree, FieldIndex field) {
  static const FieldIndex kRaw = field_index("raw");
  const auto all = [&](const std::vector<Tree>& children) {
    for (const Tree& child : children) collect(child, field);
  };
  std::visit(Overloaded{
                 [&](const Phrase& phrase) {
                   if (phrase.field == field || phrase.field == kRaw) phrases_.push_back(phrase);
                 },
                 [&](const Near& near) {
                   if (near.field != field && near.field != kRaw) return;
                   for (const std::string& piece : near.pieces) {
                     phrases_.push_back({near.field, {piece}});
                   }
                 },
                 [&](const Fuzzy& fuzzy) {
                   const auto* own = std::get_if<FieldIndex>(&fuzzy.target);
                   if (own == nullptr || !has_words(*own)) return;
                   if (*own == field || *own == kRaw) fuzzy_.push_back(fuzzy.text);
                 },
                 [&](const AllOf& group) { all(group.children); },
                 [&](const AnyOf& group) { all(group.children); },
                 [](const auto&) {},
             },
             tree.kind);
}

std::optional<std::string> HighlightWords::excerpt(std::string_view text,
                                                   const HighlightStyle& style) const {
  if ((phrases_.empty() && fuzzy_.empty()) || style.max_phrases == 0) return std::nullopt;
  std::size_t size = std::min(text.size(), kHighlightBytes);
  while (inside_character(text, size)) --size;
  text = text.substr(0, size);
  const auto pieces = placed_pieces_of(text);
  std::vector<Span> words;
  for (std::size_t i = 0; i < pieces.size() && words.size() < style.max_phrases;) {
    const auto rest = std::span(pieces).subspan(i);
    const auto found = std::ranges::find_if(
        phrases_, [&](const Phrase& phrase) { return begins_phrase(rest, phrase); });
    const bool like = std::ranges::any_of(
        fuzzy_, [&](const FuzzyText& one) { return one.is_like(pieces[i].piece); });
    const std::size_t taken = found != phrases_.end() ? found->pieces.size() : like ? 1 : 0;
    if (taken > 0) add_words(text, rest.first(taken), words);
    i += std::max<std::size_t>(taken, 1);
  }
  if (words.empty()) return std::nullopt;
  words.resize(std::min(words.size(), style.max_phrases));

  return written_excerpt(text, words, style);
}

}  // namespace trailsift::query
