#pragma once

#include <functional>
#include <string_view>

#include "schema/event.h"
#include "schema/event_parts.h"
#include "store/event_batch.h"

namespace trailsift::indexer {

/// Says which events are not to be indexed. They count as filtered.
struct ExcludeFilter {
  /// What `excludes` looks at: it is given no more of an event.
  EventParts parts;
  /// Any thread.
  std::function<bool(Event event)> excludes;
};

/// Adds the record that the batch has read to it, unless the filter (null: there is none) excludes
/// it; whether it did.
inline bool add_unless_excluded(store::EventBatch& batch, std::string_view log_file,
                                const ExcludeFilter* filter) {
  if (filter != nullptr && filter->excludes(batch.read_event(filter->parts, log_file))) {
    return false;
  }
  batch.add_read(log_file);
  return true;
}

}  // namespace trailsift::indexer
