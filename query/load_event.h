#pragma once

#include <span>
#include <vector>

#include "query/deadline.h"
#include "query/search.h"
#include "query/sort.h"
#include "query/thread_pool.h"
#include "schema/error.h"
#include "schema/event.h"
#include "store/segment.h"

namespace trailsift::query {

/// A stored event as the indexer saw it: its record, flattened again, and from the columns the
/// fields that are not in the record (log_file, and the joined ones).
Result<Event> load_event(const store::Segment& segment, store::DocId doc);

/// The hits' events, in their order, with what is asked for. Values come from the columns where
/// that gives the same, records are read block by block. The pool, if there is one, helps.
Result<std::vector<Event>> load_hits(std::span<const Hit> hits, HitParts parts, ThreadPool* pool,
                                     const Deadline& deadline);

}  // namespace trailsift::query
