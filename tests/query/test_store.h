#pragma once

#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "query/parse.h"
#include "query/tree.h"
#include "schema/event.h"
#include "schema/flatten.h"
#include "store/store.h"
#include "tests/support/batch_of.h"
#include "tests/support/temp_directory.h"

namespace trailsift::query {

/// The event of a record with this id and time; `members` are further members of its JSON.
inline Event event(const std::string& id, const std::string& time,
                   const std::string& members = "") {
  auto flat = flatten(R"({"eventID":")" + id + R"(","eventTime":")" + time + "\"" +
                      (members.empty() ? "" : "," + members) + "}");
  if (!flat) throw std::logic_error("a test's record is wrong: " + flat.error().detail);
  return std::move(*flat);
}

inline Tree parsed(const std::string& text, const ParseOptions& options = {}) {
  auto tree = parse_structured(text, options);
  if (!tree) throw std::logic_error("a test's query is wrong: " + tree.error().message);
  return std::move(*tree);
}

inline Timestamp at(const std::string& time) {
  return *parse_time(time);
}

/// A store in a directory of its own that goes with it. Each commit is a segment until merge_all()
/// makes one of each four.
class TestStore {
 public:
  TestStore() : TestStore(std::initializer_list<std::vector<Event>>{}) {}
  TestStore(std::initializer_list<std::vector<Event>> commits) {
    store::WriterOptions options;
    options.durable = false;
    options.background_merges = false;
    options.merge_width = 4;
    auto writer = store::Writer::open(directory_.path(), options);
    if (!writer) throw std::runtime_error(writer.error().message);
    writer_ = std::move(*writer);
    for (const auto& events : commits) commit(events);
  }

  void commit(const std::vector<Event>& events) {
    const auto committed = writer_->commit(test::batch_of(events));
    if (!committed) throw std::runtime_error(committed.error().message);
  }

  void remove(const std::vector<std::string>& ids) {
    if (const auto removed = writer_->remove(ids); !removed) {
      throw std::runtime_error(removed.error().message);
    }
  }

  void merge_all() {
    if (const auto merged = writer_->merge_all(); !merged) {
      throw std::runtime_error(merged.error().message);
    }
  }

  std::shared_ptr<const store::Snapshot> snapshot() const { return writer_->snapshot(); }

 private:
  test::TempDirectory directory_;
  std::unique_ptr<store::Writer> writer_;  // Closed before its directory goes.
};

}  // namespace trailsift::query
