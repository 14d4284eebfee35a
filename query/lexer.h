#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "schema/error.h"

namespace trailsift::query {

enum class TokenKind : std::uint8_t {
  open_paren,
  close_paren,
  open_bracket,
  close_bracket,
  open_brace,
  close_brace,
  comma,
  colon,
  equals,
  word,           ///< A name: letters, digits, `_`, `-`, `.`; begins with a letter, `_` or `@`.
  number,         ///< As it was written.
  string,         ///< 'single quoted', without quotes and escapes.
  double_quoted,  ///< "double quoted", likewise; only options take these.
  unknown,        ///< A character that the language does not have.
  broken,         ///< Text that cannot be read; `text` says why.
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;
  Span at;
};

/// How a token is called in "expected X, got ...".
std::string describe(const Token& token);

/// True when `name` can be written without quotes, as a word.
bool is_bare_name(std::string_view name);

/// Cuts CloudSearch structured syntax into tokens. Borrows `source`, which must be UTF-8.
class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  /// The next token. After the last one, and after a broken one, `end` for ever.
  Token next();

  /// True when, white space aside, the next token begins with `c`.
  bool next_is(char c);

 private:
  char current() const { return position_ < source_.size() ? source_[position_] : '\0'; }
  void skip_space();
  Token take(TokenKind kind, std::size_t size);
  Token take_word();
  Token take_number();
  Token take_string(TokenKind kind, char quote);
  Token broken(std::string message, Span at);
  std::size_t skip_digits(std::size_t from) const;
  std::size_t end_of_number() const;

  std::string_view source_;
  std::size_t position_ = 0;
};

}  // namespace trailsift::query
