#pragma once

#include "query/docset.h"
#include "query/segment_access.h"
#include "query/words.h"
#include "schema/error.h"

namespace trailsift::query {

/// The documents of `within` with a loose leaf (store/terms.h) in the subtree that holds the words,
/// as far as the inverted index tells.
Result<Bounds> with_loose_words(const Words& words, const DocSet& within, SegmentAccess& access);

/// No fewer than the documents of `within` with a loose leaf, at any path, that holds the words.
Result<DocSet> with_all_words(const Words& words, const DocSet& within, SegmentAccess& access);

/// No fewer than the documents of `within` with a rare leaf whose value is `value`, at any path.
Result<DocSet> with_rare_value(std::string_view value, const DocSet& within, SegmentAccess& access);

/// The same of a value that begins with `beginning`.
Result<DocSet> with_rare_beginning(std::string_view beginning, const DocSet& within,
                                   SegmentAccess& access);

}  // namespace trailsift::query
