#pragma once

#include "schema/error.h"
#include "schema/event.h"
#include "store/segment.h"

namespace trailsift::query {

/// A stored event as the indexer saw it: its record, flattened again, and from the columns the
/// fields that are not in the record (log_file).
Result<Event> load_event(const store::Segment& segment, store::DocId doc);

}  // namespace trailsift::query
