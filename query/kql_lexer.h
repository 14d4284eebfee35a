#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "query/kql_syntax.h"
#include "schema/error.h"

namespace trailsift::query::kql {

enum class TokenKind : std::uint8_t {
  open_paren,
  close_paren,
  open_bracket,
  close_bracket,
  open_brace,
  close_brace,
  relation,      ///< `:` `=`, `==` `:=`, `<` `<=` `>` `>=`
  not_relation,  ///< `!=`, `!==`: none of the above.
  text,
  expression,
  reference,
  broken,  ///< Text that cannot be read; `source` says why.
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string source;  ///< As it was written.
  Parts parts;         ///< Of text, expression and reference.
  bool bare = false;   ///< Of text: without quotes and backslashes, so it may be an operator.
  Relation relation = Relation::is;
  Span at;
};

/// How a token is called in "expected X, got ...".
std::string describe(const Token& token);

/// What may come next, on which it depends where a word ends.
enum class Expect : std::uint8_t {
  name,   ///< A field or a value for any field: relations end it.
  value,  ///< Behind a relation.
  bound,  ///< Inside a range: its brackets end it.
};

/// Cuts the everyday language into tokens. Borrows `source`, which must be UTF-8.
class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  /// The next token. After the last one, and after a broken one, `end` for ever.
  Token next(Expect expect);

 private:
  char current() const { return at(position_); }
  char at(std::size_t position) const {
    return position < source_.size() ? source_[position] : '\0';
  }
  bool ends_word(Expect expect) const;
  Token take(TokenKind kind, std::size_t begin);
  Token take_punctuation(TokenKind kind);
  Token take_relation();
  Token take_quoted();
  Token take_expression(std::size_t end);
  Token take_reference(Expect expect);
  Token take_word(Expect expect);
  Token broken(std::string message, std::size_t begin);
  std::size_t end_of_expression(Expect expect) const;
  bool read_quoted(std::string& out);
  void read_escape(std::string& out);
  bool read_code_point(std::string& out);

  std::string_view source_;
  std::size_t position_ = 0;
};

}  // namespace trailsift::query::kql
