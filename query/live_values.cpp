#include "query/live_values.h"

namespace trailsift::query {

std::vector<std::uint64_t> live_counts(const store::Segment& segment, const store::Column& column) {
  std::vector<std::uint32_t> by_ordinal(column.ordinal_count());
  column.count(store::DocRange{0, segment.size()}, by_ordinal);
  for (const store::DocId doc : segment.deleted()) --by_ordinal[column.ordinal(doc)];
  std::vector<std::uint64_t> counts(column.value_count());
  for (std::uint32_t ordinal = 1; ordinal < by_ordinal.size(); ++ordinal) {
    for (const std::uint32_t rank : column.ranks(ordinal)) counts[rank] += by_ordinal[ordinal];
  }
  return counts;
}

}  // namespace trailsift::query
