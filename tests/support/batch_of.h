#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "schema/event.h"
#include "store/event_batch.h"

namespace trailsift::test {

/// Adds these events, read anew from their JSON.
inline void add_events(store::EventBatch& batch, const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (!batch.read(event.json)) throw std::runtime_error("no record: " + event.json);
    batch.add_read(value_of(event, log_file_field()).value_or(std::string_view()));
  }
}

/// The batch of these events.
inline store::EventBatch batch_of(const std::vector<Event>& events) {
  store::EventBatch batch;
  add_events(batch, events);
  return batch;
}

}  // namespace trailsift::test
