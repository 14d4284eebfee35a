#include "query/regular_expression.h"

#include <cstdint>

#include <re2/re2.h>

#include "query/quote.h"

namespace trailsift::query {

Result<RegularExpression> RegularExpression::compile(std::string_view pattern, LetterCase letters) {
  if (pattern.size() > kMaxExpressionBytes) {
    return fail(ErrorCode::too_large, "expected a regular expression of at most " +
                                          std::to_string(kMaxExpressionBytes) + " bytes, got " +
                                          std::to_string(pattern.size()));
  }
  constexpr std::int64_t kMemory = std::int64_t{2} << 20U;  // Of program and automaton.
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(letters == LetterCase::exact);
  options.set_dot_nl(true);
  options.set_never_capture(true);
  options.set_max_mem(kMemory);
  auto program =
      std::make_shared<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  const bool large = program->error_code() == re2::RE2::ErrorPatternTooLarge;
  if (large || (program->ok() && program->ProgramSize() > static_cast<int>(kMaxExpressionSteps))) {
    return fail(ErrorCode::too_large, "expected a regular expression of at most " +
                                          std::to_string(kMaxExpressionSteps) +
                                          " steps, got a larger one");
  }
  if (!program->ok()) {
    return fail(ErrorCode::bad_query,
                "cannot read regular expression: " + shortened(program->error()));
  }
  return RegularExpression(std::move(program), letters);
}

bool RegularExpression::matches(std::string_view value) const {
  return re2::RE2::PartialMatch(re2::StringPiece(value.data(), value.size()), *program_);
}

const std::string& RegularExpression::pattern() const {
  return program_->pattern();
}

}  // namespace trailsift::query
