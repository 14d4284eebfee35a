#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/deadline.h"
#include "schema/error.h"
#include "schema/field.h"
#include "store/store.h"

namespace trailsift::query {

struct ValuesBeginning {
  std::uint64_t found = 0;          ///< Distinct values that begin so.
  std::vector<std::string> values;  ///< The first of them in byte order, at most as many as asked.
};

/// The values that some event has in a column and that begin with a text, without regard to case.
/// A field that is no column of text is a bad_request error. Any thread.
Result<ValuesBeginning> values_beginning(const store::Snapshot& snapshot, FieldIndex field,
                                         std::string_view beginning, std::size_t limit,
                                         const Deadline& deadline);

}  // namespace trailsift::query
