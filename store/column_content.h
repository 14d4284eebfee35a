#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "schema/event.h"
#include "schema/field.h"

namespace trailsift::store {

/// The ranks of the values of each document, one document after the other.
struct DocRanks {
  std::vector<std::uint32_t> ends;   ///< Per document: where its ranks end.
  std::vector<std::uint32_t> ranks;  ///< Ascending within a document, without repeats.
};

/// A column before it is encoded. Borrows its values.
struct ColumnContent {
  std::vector<std::string_view> values;  ///< Strictly ascending in the order of the field's type.
  std::vector<std::uint32_t> ordinals;
  std::uint32_t ordinal_count = 1;
  std::vector<std::uint32_t> tuple_offsets;  ///< Empty: no tuples.
  std::vector<std::uint32_t> tuple_ranks;
};

/// Fields that have a column section: all columns but event_time, which has a section of its own.
bool has_column_section(const Field& field);

/// Turns ranks into ordinals: of values when no document has several, otherwise of tuples.
ColumnContent make_column(std::vector<std::string_view> values, const DocRanks& docs);

/// The columns of a batch, by field. Fields without a value have no content (empty `values`).
/// Borrows the events.
std::vector<ColumnContent> columns_of(std::span<const Event> events);

}  // namespace trailsift::store
