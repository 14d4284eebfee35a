#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "query/wildcard.h"
#include "schema/error.h"

namespace re2 {
class RE2;
}

namespace trailsift::query {

constexpr std::size_t kMaxExpressionBytes = 1000;
constexpr std::size_t kMaxExpressionSteps = 10'000;  ///< RE2's measure of a compiled program.

/// A regular expression in RE2's syntax, found anywhere in a value. `.` stands for a line break
/// too. Answers take time in proportion to the value, and memory within a budget. Any thread;
/// copies share the compiled program.
class RegularExpression {
 public:
  /// bad_query: what is wrong with it. too_large: it passes a limit above.
  static Result<RegularExpression> compile(std::string_view pattern, LetterCase letters);

  bool matches(std::string_view value) const;

  /// As it was written.
  const std::string& pattern() const;
  LetterCase letters() const { return letters_; }

 private:
  RegularExpression(std::shared_ptr<const re2::RE2> program, LetterCase letters)
      : program_(std::move(program)), letters_(letters) {}

  std::shared_ptr<const re2::RE2> program_;
  LetterCase letters_;
};

}  // namespace trailsift::query
