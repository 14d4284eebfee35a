#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "store/store.h"
#include "tests/support/random_events.h"
#include "tests/support/temp_directory.h"

namespace trailsift::store {

/// Options of a store that only a test sees.
inline WriterOptions scratch_options() {
  WriterOptions options;
  options.durable = false;
  options.background_merges = false;
  return options;
}

/// The value, or a thrown message: a test that goes on without it would only say less.
template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return std::move(*result);
}

inline void expect_ok(const Result<void>& result) {
  if (!result) throw std::runtime_error(result.error().message);
}

inline std::string message_of(const Error& error) {
  return error.message;
}

/// All documents of a snapshot, segment by segment, told by their ids.
inline std::vector<std::string> ids_of(const Snapshot& snapshot) {
  std::vector<std::string> ids;
  for (const auto& segment : snapshot.segments) {
    const Column* column = value_of(segment->column(event_id_field()));
    for (DocId doc = 0; doc < segment->size(); ++doc) {
      ids.emplace_back(column->value(column->ordinal(doc) - 1));
    }
  }
  return ids;
}

}  // namespace trailsift::store
