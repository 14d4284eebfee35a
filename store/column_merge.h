#pragma once

#include <span>
#include <vector>

#include "schema/arena.h"
#include "store/column.h"
#include "store/column_content.h"
#include "store/merge_order.h"

namespace trailsift::store {

/// The column of one field in a merged segment; its values are empty when there are none.
/// `columns` has one entry per input, nullptr where the input has no such column. The values go to
/// `texts`. Values that no document of `order` has are left out where `some_dropped`.
ColumnContent merge_columns(FieldType type, std::span<const Column* const> columns,
                            std::span<const MergedDoc> order, bool some_dropped, Arena& texts);

}  // namespace trailsift::store
