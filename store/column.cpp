#include "store/column.h"

namespace trailsift::store {

std::span<const std::uint32_t> Column::ranks(std::uint32_t ordinal) const {
  if (ordinal == 0) return {};
  if (has_tuples()) {
    const std::uint32_t begin = arrays_.tuple_offsets[ordinal - 1];
    return {arrays_.tuple_ranks + begin, arrays_.tuple_offsets[ordinal] - begin};
  }
  thread_local std::uint32_t rank = 0;
  rank = ordinal - 1;
  return {&rank, 1};
}

}  // namespace trailsift::store
