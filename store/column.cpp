#include "store/column.h"

#include <algorithm>
#include <cassert>

namespace trailsift::store {

Column::Column(const Column& key, std::span<const std::uint32_t> joined,
               const Dictionary::Arrays& values)
    : dictionary_(values), totals_(std::make_shared<Totals>()), key_(&key), joined_(joined) {
  assert(!key.has_tuples() && joined.size() == key.ordinal_count());
  arrays_.dictionary = values;
  arrays_.doc_count = key.arrays_.doc_count;
  arrays_.ordinal_count = values.value_count + 1;
  arrays_.ordinal_width = kJoined;
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
