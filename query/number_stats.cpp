#include "query/number_stats.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "query/overloaded.h"
#include "schema/field.h"
#include "schema/number.h"

namespace trailsift::query {
namespace {

/// Widens the bounds so that they hold `value`.
void take_in(FieldType type, std::string value, NumberStats& stats) {
  if (!stats.min || std::is_lt(compare_values(type, value, *stats.min))) stats.min = value;
  if (!stats.max || std::is_gt(compare_values(type, value, *stats.max))) {
    stats.max = std::move(value);
  }
}

/// Documents are in the order of time, newest first.
Result<void> add_times(const SegmentHits& hits, NumberStats& stats) {
  for (const auto doc : {hits.docs.first(), hits.docs.last()}) {
    if (!doc) continue;
    const auto time = hits.segment->time(*doc);
    if (!time) return tl::unexpected(time.error());
    take_in(FieldType::time, format_time(*time), stats);
  }
  stats.count += hits.docs.count();
  return {};
}

void add_values(const store::Column& column, const DocSet& docs, NumberStats& stats) {
  std::vector<std::uint32_t> counts(column.ordinal_count());
  std::visit(Overloaded{
                 [&](const DocRange& range) { column.count(range, counts); },
                 [&](const DocSet::List& list) { column.count(std::span(list), counts); },
                 [&](const DocBits& bits) { column.count(bits.begin(), bits.words(), counts); },
             },
             docs.form());
  stats.missing += counts.front();
  const FieldType type = field_at(stats.field).type;
  for (std::uint32_t ordinal = 1; ordinal < counts.size(); ++ordinal) {
    const std::uint32_t count = counts[ordinal];
    if (count == 0) continue;
    std::string value = column.value(column.ranks(ordinal).front());
    if (type == FieldType::integer) {
      const double number = parse_number<double>(value).value_or(0);
      stats.sum += count * number;
      stats.sum_of_squares += count * number * number;
    }
    stats.count += count;
    take_in(type, std::move(value), stats);
  }
}

}  // namespace

Result<void> check_stats(FieldIndex index) {
  const Field& field = field_at(index);
  const bool fits = field.type == FieldType::integer || field.type == FieldType::time;
  if (fits && field.column && !field.multi) return {};
  return fail(ErrorCode::bad_request,
              "expected a field of numbers or times, got '" + std::string(field.name) + "'");
}

Result<NumberStats> number_stats(FieldIndex field, std::span<const SegmentHits> hits,
                                 const Deadline& deadline) {
  NumberStats stats;
  stats.field = field;
  for (const SegmentHits& segment : hits) {
    if (const auto in_time = deadline.check(); !in_time) return tl::unexpected(in_time.error());
    if (field == event_time_field()) {
      if (auto added = add_times(segment, stats); !added) return tl::unexpected(added.error());
      continue;
    }
    const auto column = segment.segment->column(field);
    if (!column) return tl::unexpected(column.error());
    if (*column == nullptr) {
      stats.missing += segment.docs.count();
    } else {
      add_values(**column, segment.docs, stats);
    }
  }
  return stats;
}

}  // namespace trailsift::query
