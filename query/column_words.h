#pragma once

#include "query/docset.h"
#include "query/segment_access.h"
#include "query/words.h"
#include "schema/error.h"

namespace trailsift::query {

/// The documents of `within` with a value in the column of `words.field` that holds the words; for
/// a subtree in some column whose values are the text of leaves in it, for raw also in the joined
/// fields that are found by its words. Exact: dictionaries say all.
Result<DocSet> with_column_words(const Words& words, const DocSet& within, SegmentAccess& access);

/// The documents of `within` whose event time, as records write it, holds the words. Exact.
Result<DocSet> with_time_words(const Words& words, const DocSet& within, SegmentAccess& access);

}  // namespace trailsift::query
