#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "query/quote.h"
#include "query/target.h"
#include "query/tree.h"
#include "schema/error.h"
#include "schema/utf8.h"

namespace trailsift::query {

// What the translations have in common.

inline bool has_letters(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || !is_ascii(c);
  });
}

/// Between `'`, each one inside written twice: a text of SQL, and of YAML without escapes.
inline std::string with_doubled_quotes(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + "'";
}

/// "‹language› has nothing for ‹what›".
inline tl::unexpected<Error> cannot_say(std::string_view language, const std::string& what) {
  return fail(ErrorCode::bad_query, std::string(language) + " has nothing for " + what);
}

/// Queries that were read have only UTF-8; so has what is written.
inline Result<void> check_text(std::string_view language, const Tree& tree) {
  if (!find_invalid_utf8(to_string(tree))) return {};
  return cannot_say(language, "bytes that are not UTF-8");
}

/// Writes the parts of a pattern: literal bytes, `*` and `?`.
template <class Literal, class Any, class One>
void walk_pattern(std::string_view pattern, const Literal& literal, const Any& any,
                  const One& one) {
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '*') {
      any();
    } else if (pattern[at] == '?') {
      one();
    } else {
      if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
      literal(pattern[at]);
    }
  }
}

}  // namespace trailsift::query
