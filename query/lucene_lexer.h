#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "schema/error.h"

namespace trailsift::query {

enum class LuceneKind : std::uint8_t {
  word,    ///< `text` without escapes; `pattern` and `wild` tell of `*` and `?`.
  quoted,  ///< "…", without quotes and escapes.
  range,   ///< A bound of a range: a word that may have any character but space, `]` and `}`.
  sign,    ///< One of + - ! ( ) [ ] { } : ^ ~
  broken,  ///< Text that cannot be read; `text` says why.
  end,
};

struct LuceneToken {
  LuceneKind kind = LuceneKind::end;
  std::string text;
  Span at;
  char sign = '\0';
  bool escaped = false;      ///< A word with a "\" somewhere: no operator.
  std::string pattern = {};  ///< Of a word: as query/wildcard.h wants it.
  std::size_t wild = 0;      ///< Characters `*` and `?` in it that are not escaped.
};

/// Cuts Lucene's classic syntax into tokens. Borrows `source`, which must be UTF-8.
class LuceneLexer {
 public:
  explicit LuceneLexer(std::string_view source) : source_(source) {}

  /// The next token. After the last one, and after a broken one, `end` for ever.
  LuceneToken next();
  /// The same inside a range, where fewer characters are signs.
  LuceneToken next_in_range();
  /// Whether `c` stands right here, without white space before it.
  bool touches(char c) const { return at_ < source_.size() && source_[at_] == c; }
  /// The digits and points that stand right here, taken.
  LuceneToken take_number();

 private:
  void skip_space();
  LuceneToken take_quoted();
  LuceneToken take_word(std::string_view stops, LuceneKind kind);
  LuceneToken broken(std::string message, Span at);

  std::string_view source_;
  std::size_t at_ = 0;
};

}  // namespace trailsift::query
