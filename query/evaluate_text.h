#pragma once

#include "query/docset.h"
#include "query/segment_access.h"
#include "query/tree.h"
#include "query/words.h"
#include "schema/error.h"

namespace trailsift::query {

/// The documents of `within` that hold the words: exact for a field with a column; for a subtree
/// what the index can tell, the rest is for the records to decide.
Result<Bounds> evaluate_text(const Phrase& phrase, const DocSet& within, SegmentAccess& access);
Result<Bounds> evaluate_text(const Near& near, const DocSet& within, SegmentAccess& access);
Result<Bounds> evaluate_words(const Words& words, const DocSet& within, SegmentAccess& access);

}  // namespace trailsift::query
