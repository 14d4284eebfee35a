#pragma once

#include <cstdint>
#include <string_view>

#include "query/tree.h"

namespace trailsift::query {

/// What Bm25 wants to know of a text that meets a condition on its words.
struct WordTimes {
  std::uint64_t times = 1;   ///< A phrase once for each place where it begins; Near once.
  std::uint64_t length = 0;  ///< Pieces of the text.
};
WordTimes times_in(std::string_view text, const Tree& condition);

}  // namespace trailsift::query
