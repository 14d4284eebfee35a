#include "store/column.h"

#include <compare>

namespace trailsift::store {
std::uint32_t Column::lower_bound(std::string_view wanted) const {
  std::uint32_t low = 0;
  for (std::uint32_t high = value_count(); low < high;) {
    const std::uint32_t middle = low + (high - low) / 2;
    if (std::is_lt(compare_values(arrays_.type, value(middle), wanted))) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::optional<std::uint32_t> Column::find(std::string_view wanted) const {
  const std::uint32_t rank = lower_bound(wanted);
  if (rank == value_count() || value(rank) != wanted) return std::nullopt;
  return rank;
}

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
