#include "query/kql_lexer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "query/quote.h"
#include "schema/utf8.h"

namespace trailsift::query::kql {
namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

struct Punctuation {
  char character;
  TokenKind kind;
  bool opens;  ///< Of a range: stands where a value does. Others only close one.
};

constexpr std::array kRanges = {
    Punctuation{'[', TokenKind::open_bracket, true},
    Punctuation{'{', TokenKind::open_brace, true},
    Punctuation{']', TokenKind::close_bracket, false},
    Punctuation{'}', TokenKind::close_brace, false},
};

struct Sign {
  std::string_view text;
  TokenKind kind;
  Relation relation;
};

/// Longer ones first.
constexpr std::array kSigns = {
    Sign{"!==", TokenKind::not_relation, Relation::is_exactly},
    Sign{"!=", TokenKind::not_relation, Relation::is},
    Sign{"==", TokenKind::relation, Relation::is_exactly},
    Sign{":=", TokenKind::relation, Relation::is_exactly},
    Sign{"<=", TokenKind::relation, Relation::less_or_equal},
    Sign{">=", TokenKind::relation, Relation::greater_or_equal},
    Sign{"<", TokenKind::relation, Relation::less},
    Sign{">", TokenKind::relation, Relation::greater},
    Sign{":", TokenKind::relation, Relation::is},
    Sign{"=", TokenKind::relation, Relation::is},
};

const Sign* sign_at(std::string_view text) {
  const auto* const found =
      std::ranges::find_if(kSigns, [&](const Sign& sign) { return text.starts_with(sign.text); });
  return found == kSigns.end() ? nullptr : found;
}

std::optional<char> named_character(char name) {
  switch (name) {
    case 't': return '\t';
    case 'n': return '\n';
    case 'r': return '\r';
    default: return std::nullopt;
  }
}

}  // namespace

std::string describe(const Token& token) {
  if (token.kind == TokenKind::end) return "end of query";
  return in_quotes(token.source);
}

Token Lexer::next(Expect expect) {
  while (is_space(current())) ++position_;
  if (position_ == source_.size()) return take(TokenKind::end, position_);
  const char c = current();
  if (c == '(') return take_punctuation(TokenKind::open_paren);
  if (c == ')') return take_punctuation(TokenKind::close_paren);
  if (const auto* range = std::ranges::find(kRanges, c, &Punctuation::character);
      range != kRanges.end() &&
      (range->opens ? expect == Expect::value : expect == Expect::bound)) {
    return take_punctuation(range->kind);
  }
  const bool relation =
      expect == Expect::name || (expect == Expect::value && (c == '<' || c == '>'));
  if (relation && sign_at(source_.substr(position_)) != nullptr) return take_relation();
  if (c == '"' || c == '\'') return take_quoted();
  if (const std::size_t end = end_of_expression(expect); end != 0) return take_expression(end);
  if (c == '$' && expect == Expect::value) return take_reference(expect);
  return take_word(expect);
}

bool Lexer::ends_word(Expect expect) const {
  const char c = current();
  if (position_ == source_.size() || is_space(c) || c == '(' || c == ')' || c == '"') return true;
  switch (expect) {
    case Expect::name: return sign_at(source_.substr(position_)) != nullptr;
    case Expect::bound: return c == ']' || c == '}';
    case Expect::value: break;
  }
  return false;
}

Token Lexer::take(TokenKind kind, std::size_t begin) {
  Token token;
  token.kind = kind;
  token.at = {begin, position_};
  token.source = source_.substr(begin, position_ - begin);
  return token;
}

Token Lexer::take_punctuation(TokenKind kind) {
  ++position_;
  return take(kind, position_ - 1);
}

Token Lexer::take_relation() {
  const std::size_t begin = position_;
  const Sign& sign = *sign_at(source_.substr(begin));
  position_ += sign.text.size();
  Token token = take(sign.kind, begin);
  token.relation = sign.relation;
  return token;
}

Token Lexer::take_quoted() {
  const std::size_t begin = position_;
  const std::string quote(1, current());
  std::string text;
  if (!read_quoted(text))
    return broken("expected a closing " + quote + ", got end of query", begin);
  Token token = take(TokenKind::text, begin);
  token.parts = {std::move(text)};
  return token;
}

Token Lexer::take_expression(std::size_t end) {
  const std::size_t begin = position_;
  position_ = end;
  Token token = take(TokenKind::expression, begin);
  token.parts = {token.source.substr(1, token.source.size() - 2)};
  return token;
}

Token Lexer::take_reference(Expect expect) {
  const std::size_t begin = position_++;
  Token token = take_word(expect);
  if (token.kind == TokenKind::broken) return token;
  Token reference = take(TokenKind::reference, begin);
  reference.parts = std::move(token.parts);
  return reference;
}

/// A part of a name, but for the first, may be in quotes: `requestParameters."x y".z`.
Token Lexer::take_word(Expect expect) {
  const std::size_t begin = position_;
  Parts parts(1);
  bool bare = true;
  const auto quoted_part = [&] {
    return current() == '"' && (at(position_ - 1) == '.' || at(position_ - 1) == '$') &&
           position_ > 0;
  };
  while (true) {
    if (position_ > 0 && quoted_part()) {
      bare = false;
      if (!read_quoted(parts.back())) {
        return broken("expected a closing \", got end of query", begin);
      }
    } else if (ends_word(expect)) {
      break;
    } else if (current() == '\\') {
      bare = false;
      read_escape(parts.back());
    } else if (current() == '*') {
      ++position_;
      if (parts.size() == 1 || !parts.back().empty()) parts.emplace_back();
    } else {
      parts.back() += source_[position_++];
    }
  }
  Token token = take(TokenKind::text, begin);
  token.parts = std::move(parts);
  token.bare = bare;
  return token;
}

Token Lexer::broken(std::string message, std::size_t begin) {
  position_ = source_.size();
  Token token = take(TokenKind::broken, begin);
  token.source = std::move(message);
  token.at.end = begin + 1;
  return token;
}

/// Behind the second `/` of `/…/`, when a word would end there; 0 when there is none.
std::size_t Lexer::end_of_expression(Expect expect) const {
  if (current() != '/' || expect == Expect::bound) return 0;
  std::size_t end = position_ + 1;
  while (end < source_.size() && source_[end] != '/') end += source_[end] == '\\' ? 2 : 1;
  if (end >= source_.size() || end == position_ + 1) return 0;
  ++end;
  return end == source_.size() || is_space(source_[end]) || source_[end] == ')' ? end : 0;
}

/// Reads a string in quotes; false when it has no end. As in Kibana, a backslash has a meaning
/// before a quote, a backslash and the letters of white space, and stands for itself elsewhere.
bool Lexer::read_quoted(std::string& out) {
  const char quote = source_[position_++];
  while (position_ < source_.size()) {
    const char c = source_[position_++];
    if (c == quote) return true;
    if (c != '\\') {
      out += c;
    } else if (current() == quote || current() == '\\') {
      out += source_[position_++];
    } else if (const auto named = named_character(current())) {
      out += *named;
      ++position_;
    } else if (!read_code_point(out)) {
      out += '\\';
    }
  }
  return false;
}

/// Reads a backslash and what it belongs to; at the end of the query it stands for itself.
void Lexer::read_escape(std::string& out) {
  ++position_;
  if (position_ == source_.size()) {
    out += '\\';
    return;
  }
  // `\not` is the word, not a line break and `ot`.
  std::size_t end = position_;
  while (end < source_.size() && end - position_ < 4 && !is_space(source_[end]) &&
         source_[end] != ')') {
    ++end;
  }
  const bool is_word = is_operator(source_.substr(position_, end - position_));
  if (const auto named = named_character(current()); named && !is_word) {
    out += *named;
    ++position_;
  } else if (is_word || !read_code_point(out)) {
    out += source_[position_++];
  }
}

/// `u` and four hexadecimal digits.
bool Lexer::read_code_point(std::string& out) {
  constexpr std::size_t kDigits = 4;
  if (current() != 'u' || position_ + kDigits >= source_.size()) return false;
  const char* const first = source_.data() + position_ + 1;
  unsigned code_point = 0;
  const auto [end, error] = std::from_chars(first, first + kDigits, code_point, 16);
  const bool surrogate = code_point >= 0xD800 && code_point < 0xE000;
  if (error != std::errc() || end != first + kDigits || surrogate) return false;
  position_ += 1 + kDigits;
  append_utf8(out, code_point);
  return true;
}

}  // namespace trailsift::query::kql
