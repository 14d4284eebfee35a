#include "query/lexer.h"

#include <algorithm>
#include <array>
#include <utility>

#include "query/quote.h"
#include "schema/utf8.h"

namespace trailsift::query {
namespace {

// ASCII only: what a letter is must not depend on the locale.
bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool begins_word(char c) {
  return is_letter(c) || c == '_' || c == '@';
}
bool continues_word(char c) {
  return begins_word(c) || is_digit(c) || c == '-' || c == '.';
}

struct Punctuation {
  char character;
  TokenKind kind;
};

constexpr std::array kPunctuation = {
    Punctuation{'(', TokenKind::open_paren},   Punctuation{')', TokenKind::close_paren},
    Punctuation{'[', TokenKind::open_bracket}, Punctuation{']', TokenKind::close_bracket},
    Punctuation{'{', TokenKind::open_brace},   Punctuation{'}', TokenKind::close_brace},
    Punctuation{',', TokenKind::comma},        Punctuation{':', TokenKind::colon},
    Punctuation{'=', TokenKind::equals},
};

}  // namespace

std::string describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::end: return "end of query";
    case TokenKind::number: return "number " + shortened(token.text);
    case TokenKind::string: return "string " + in_quotes(token.text);
    case TokenKind::double_quoted: return "\"" + shortened(token.text) + "\"";
    default: return in_quotes(token.text);
  }
}

bool is_bare_name(std::string_view name) {
  return !name.empty() && begins_word(name.front()) && std::ranges::all_of(name, continues_word);
}

Token Lexer::next() {
  skip_space();
  if (position_ == source_.size()) return take(TokenKind::end, 0);
  const char c = current();
  const auto* punctuation = std::ranges::find(kPunctuation, c, &Punctuation::character);
  if (punctuation != kPunctuation.end()) return take(punctuation->kind, 1);
  if (begins_word(c)) return take_word();
  if (is_digit(c) || c == '-') return take_number();
  if (c == '\'') return take_string(TokenKind::string, c);
  if (c == '"') return take_string(TokenKind::double_quoted, c);
  return take(TokenKind::unknown, first_character(source_.substr(position_)).size);
}

bool Lexer::next_is(char c) {
  skip_space();
  return position_ < source_.size() && source_[position_] == c;
}

void Lexer::skip_space() {
  while (position_ < source_.size() && is_space(source_[position_])) ++position_;
}

Token Lexer::take(TokenKind kind, std::size_t size) {
  const Span at{position_, position_ + size};
  position_ = at.end;
  return {kind, std::string(source_.substr(at.begin, size)), at};
}

Token Lexer::take_word() {
  std::size_t end = position_;
  while (end < source_.size() && continues_word(source_[end])) ++end;
  return take(TokenKind::word, end - position_);
}

std::size_t Lexer::skip_digits(std::size_t from) const {
  while (from < source_.size() && is_digit(source_[from])) ++from;
  return from;
}

/// Where `-12.5e+3` ends, or the current position when a part of it lacks its digits.
std::size_t Lexer::end_of_number() const {
  const std::size_t whole = current() == '-' ? position_ + 1 : position_;
  std::size_t end = skip_digits(whole);
  if (end == whole) return position_;
  if (end < source_.size() && source_[end] == '.') {
    const std::size_t fraction = end + 1;
    end = skip_digits(fraction);
    if (end == fraction) return position_;
  }
  if (end < source_.size() && (source_[end] == 'e' || source_[end] == 'E')) {
    std::size_t exponent = end + 1;
    const bool sign =
        exponent < source_.size() && (source_[exponent] == '+' || source_[exponent] == '-');
    if (sign) ++exponent;
    end = skip_digits(exponent);
    if (end == exponent) return position_;
  }
  return end;
}

Token Lexer::take_number() {
  std::size_t end = end_of_number();
  if (end > position_ && (end == source_.size() || !continues_word(source_[end]))) {
    return take(TokenKind::number, end - position_);
  }
  end = position_ + 1;
  while (end < source_.size() && continues_word(source_[end])) ++end;
  const std::string_view text = source_.substr(position_, end - position_);
  return broken("expected a number, got " + in_quotes(text), {position_, end});
}

Token Lexer::take_string(TokenKind kind, char quote) {
  Token token{kind, {}, {position_, position_}};
  for (++position_; position_ < source_.size(); ++position_) {
    if (current() == quote) {
      token.at.end = ++position_;
      return token;
    }
    if (current() == '\\' && ++position_ == source_.size()) break;
    token.text += current();
  }
  return broken(std::string("expected a closing ") + quote + ", got end of query",
                {token.at.begin, token.at.begin + 1});
}

Token Lexer::broken(std::string message, Span at) {
  position_ = source_.size();
  return {TokenKind::broken, std::move(message), at};
}

}  // namespace trailsift::query
