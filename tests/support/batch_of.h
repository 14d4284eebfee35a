#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "schema/event.h"
#include "store/event_batch.h"

namespace trailsift::test {

/// The batch of these events, read anew from their JSON.
inline store::EventBatch batch_of(const std::vector<Event>& events) {
  store::EventBatch batch;
  for (const Event& event : events) {
    if (!batch.read(event.json)) throw std::runtime_error("no record: " + event.json);
    batch.add_read(value_of(event, log_file_field()).value_or(std::string_view()));
  }
  return batch;
}

}  // namespace trailsift::test
