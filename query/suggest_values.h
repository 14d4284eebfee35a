#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/deadline.h"
#include "schema/error.h"
#include "schema/field.h"
#include "store/store.h"

namespace trailsift::query {

struct SuggestedValue {
  std::string value;
  /// Events of the store that have it; absent where counting would take long, which is where there
  /// are many.
  std::optional<std::uint64_t> count;
};

struct SuggestedValues {
  std::vector<SuggestedValue> values;  ///< Those that begin so first; then by count.
  bool complete = true;                ///< False: not all that begin so were looked at.
};

/// Values of a column that begin with a text, or, where it has few values, that have it somewhere;
/// in whatever case. Of a column with many values, those that begin in the same case are chosen by
/// their counts in each segment, and of others some are looked at. What it takes grows with the
/// segments and their different values, not with the events.
Result<SuggestedValues> suggest_values(const store::Snapshot& snapshot, FieldIndex field,
                                       std::string_view beginning, std::size_t limit,
                                       const Deadline& deadline);

}  // namespace trailsift::query
