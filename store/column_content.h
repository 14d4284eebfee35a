#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "schema/arena.h"
#include "schema/field.h"
#include "store/event_batch.h"
#include "store/leaf_postings.h"

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

/// The columns of a batch, by field. Borrows the batch.
struct BatchColumns {
  Arena texts;                         ///< Of values that are not written as their leaves are.
  std::vector<ColumnContent> columns;  ///< Without values (empty `values`) where no event has any.
};
BatchColumns columns_of(const EventBatch& batch, const LeafPostings& postings,
                        std::uint32_t doc_count);

}  // namespace trailsift::store
