#pragma once

#include <cstddef>

#include "query/binding.h"
#include "query/kql_syntax.h"
#include "query/parse.h"
#include "query/tree.h"

namespace trailsift::query::kql {

/// A condition or range of which it is known what it looks at.
struct Comparison {
  const Target& target;
  bool exact = false;  ///< As it is written: case counts, patterns are for whole values.
};

/// Makes the conditions of one query, of which it counts the words and expressions. Where a field
/// has a type, the value must be of that type.
class ConditionBinder {
 public:
  explicit ConditionBinder(const ParseOptions& options);

  /// `value` is text or an expression.
  Binding is(const Comparison& comparison, const Value& value);
  /// A reference.
  Binding is_same(const Comparison& comparison, const Value& reference);
  Binding lies_in(const Comparison& comparison, const Range& range);

 private:
  Result<void> count(std::size_t pieces, Span at);
  Binding is_text(const Comparison& comparison, const Value& value);
  Binding has_words(const Comparison& comparison, const Value& value);
  Binding has_value(const Comparison& comparison, const Value& value);
  Binding is_found(const Comparison& comparison, const Value& value);
  Result<Tree> in_time(const Target& target, const Range& range) const;

  Timestamp now_;
  TimeZone zone_;
  std::size_t conditions_ = 0;
  std::size_t expressions_ = 0;
};

}  // namespace trailsift::query::kql
