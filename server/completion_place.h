#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace trailsift::server {

/// What stands at the cursor in a query that is being written.
struct CompletionPlace {
  std::string field;      ///< Whose value is being written, as it was named; empty: none's.
  std::string written;    ///< What there is of the value or word already.
  std::size_t begin = 0;  ///< Where that stands in the text.
  std::size_t end = 0;
  char quote = '\0';  ///< The quote that was opened before it, if one was.
};

/// Looks at the text before the cursor, which need not be a query yet. Works for every language in
/// which values follow their field as `field:value`, `field:(a or b`, `field:'value` or
/// `(prefix field=NAME 'value`.
CompletionPlace find_completion(std::string_view text, std::size_t cursor);

}  // namespace trailsift::server
