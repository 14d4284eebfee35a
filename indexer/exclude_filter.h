#pragma once

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

#include "schema/event.h"
#include "schema/event_parts.h"
#include "store/event_batch.h"

namespace trailsift::indexer {

/// Says which events are not to be indexed. They count as filtered.
struct ExcludeFilter {
  /// What is asked about an event: of `parts` of it, by any thread.
  struct Question {
    EventParts parts;
    std::function<bool(Event event)> excludes;
  };
  /// One after the other until one says no; an event is excluded when all say yes. So the first may
  /// spare most events those that need more of them. Not empty.
  std::vector<Question> questions;
};

/// Adds the record that the batch has read to it, unless the filter (null: there is none) excludes
/// it; whether it did.
inline bool add_unless_excluded(store::EventBatch& batch, std::string_view log_file,
                                const ExcludeFilter* filter) {
  const auto says_yes = [&](const ExcludeFilter::Question& question) {
    return question.excludes(batch.read_event(question.parts, log_file));
  };
  if (filter != nullptr && std::ranges::all_of(filter->questions, says_yes)) return false;
  batch.add_read(log_file);
  return true;
}

}  // namespace trailsift::indexer
