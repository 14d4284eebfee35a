#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/tree.h"

namespace trailsift::query {

/// How an excerpt is written.
struct HighlightStyle {
  bool html = true;  ///< Whether the text is escaped for HTML; the tags are not.
  std::string before = "<em>";
  std::string after = "</em>";
  std::size_t max_phrases = 1;  ///< How many places are marked.
};

constexpr std::size_t kHighlightBytes = 10'000;  ///< Of a text, that are looked at.

/// What a query looks for in the text of one field.
class HighlightWords {
 public:
  /// The words of `tree` that are asked of `field`, or of raw, which is all text. What is under a
  /// `not` is not looked for.
  HighlightWords(const Tree& tree, FieldIndex field);

  /// An excerpt of `text` around the first places that hold such words; nullopt when none does.
  std::optional<std::string> excerpt(std::string_view text, const HighlightStyle& style) const;

 private:
  void collect(const Tree& tree, FieldIndex field);

  std::vector<Phrase> phrases_;
  std::vector<FuzzyText> fuzzy_;
};

}  // namespace trailsift::query
