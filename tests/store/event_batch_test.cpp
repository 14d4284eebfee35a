#include "store/event_batch.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "schema/flatten.h"
#include "tests/support/batch_of.h"
#include "tests/support/random_events.h"

namespace trailsift::store {
namespace {

using Values = std::set<std::pair<std::string, std::string>>;

/// What a row says of its fields.
Values values_of(const EventBatch& batch, const EventBatch::Row& row) {
  Values values;
  for (const LeafId leaf : batch.leaves_of(row)) {
    if (const auto value = batch.field_value(leaf)) {
      values.emplace(field_at(*batch.use(leaf).field).name, *value);
    }
  }
  return values;
}

Values values_of(const Event& event) {
  Values values;
  for (const auto& [field, value] : event.values) values.emplace(field_at(field).name, value);
  return values;
}

using Leaves = std::vector<std::pair<std::string, std::string>>;

/// The leaves that are in the record, in its order.
Leaves leaves_of(const EventBatch& batch, const EventBatch::Row& row) {
  Leaves leaves;
  for (const LeafId leaf : batch.leaves_of(row)) {
    if (batch.use(leaf).in_record) leaves.emplace_back(batch.path_text(leaf), batch.value(leaf));
  }
  return leaves;
}

std::vector<Event> random_events(std::uint64_t seed) {
  test::RandomEvents random(seed);
  std::vector<Event> events = random.events(500);
  for (Event& event : events) add_value(event, log_file_field(), "file");
  return events;
}

void expect_same(const EventBatch& batch, const std::vector<Event>& events) {
  ASSERT_EQ(batch.size(), events.size());
  for (std::size_t i = 0; i < events.size(); ++i) {
    const auto& row = batch.rows()[i];
    ASSERT_EQ(row.id, events[i].id);
    ASSERT_EQ(row.time, events[i].time);
    ASSERT_EQ(row.json, events[i].json);
    ASSERT_EQ(values_of(batch, row), values_of(events[i])) << events[i].json;
    Leaves leaves;
    for (const auto& [path, value] : events[i].leaves) leaves.emplace_back(path, value);
    ASSERT_EQ(leaves_of(batch, row), leaves) << events[i].json;
  }
  EXPECT_LT(batch.leaf_count(), events.size() * 40);
}

TEST(EventBatch, SaysOfEachRecordWhatAnEventSays) {
  const auto events = random_events(1);
  expect_same(test::batch_of(events), events);
}

TEST(EventBatch, IsAsNewWhenCleared) {
  EventBatch batch;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const auto events = random_events(seed);
    test::add_events(batch, events);
    expect_same(batch, events);
    EXPECT_EQ(batch.leaf_count(), test::batch_of(events).leaf_count());
    batch.clear();
    EXPECT_TRUE(batch.empty());
    EXPECT_EQ(batch.leaf_count(), 0U);
    EXPECT_LT(batch.memory_bytes(), 1'000'000U);
  }
}

TEST(EventBatch, ForgetsVeryManyPathsWhenCleared) {
  EventBatch batch;
  for (int event = 0; event < 200; ++event) {
    std::string json =
        R"({"eventID":"id)" + std::to_string(event) + R"(","eventTime":"2024-01-01T00:00:00Z")";
    for (int key = 0; key < 100; ++key) {
      json += ",\"" + std::to_string(event) + "-" + std::to_string(key) + "\":1";
    }
    json += '}';
    ASSERT_TRUE(batch.read(json));
    batch.add_read("");
  }
  EXPECT_GT(batch.paths().size(), 20'000U);
  batch.clear();
  EXPECT_LT(batch.paths().size(), 1'000U);
  const auto events = random_events(1);
  test::add_events(batch, events);
  expect_same(batch, events);
}

TEST(EventBatch, RejectsWhatNoEventCanBeMadeOf) {
  const char* texts[] = {
      R"({"eventTime":"2021-07-29T23:53:26Z"})",
      R"({"eventID":"e"})",
      R"({"eventID":"e","eventTime":"yesterday"})",
      R"({"eventID":"e","eventTime":"2021-07-29T23:53:26Z")",
      "[]",
      "{\"eventID\":\"e\",\"eventTime\":\"2021-07-29T23:53:26Z\",\"a\":\"\xff\"}",
  };
  EventBatch batch;
  for (const char* text : texts) {
    const auto want = parse_record(text);
    const auto found = batch.read(text);
    ASSERT_FALSE(found) << text;
    EXPECT_EQ(found.error().reason, want.error().reason) << text;
    EXPECT_EQ(found.error().size, want.error().size) << text;
  }
  EXPECT_TRUE(batch.empty());
}

TEST(EventBatch, RejectedRecordsLeaveNothingBehind) {
  EventBatch batch;
  const std::size_t leaves = batch.leaf_count();
  for (int i = 0; i < 100; ++i) {
    const std::string json = R"({"eventID":"e","requestParameters":{"k":")" + std::to_string(i) +
                             R"("},"eventTime":"never"})";
    ASSERT_FALSE(batch.read(json));
  }
  EXPECT_EQ(batch.leaf_count(), leaves);
}

TEST(EventBatch, WhatIsNotAddedLeavesNothingBehind) {
  EventBatch batch;
  const std::size_t leaves = batch.leaf_count();
  for (const Event& event : test::RandomEvents(3).events(50)) ASSERT_TRUE(batch.read(event.json));
  EXPECT_EQ(batch.leaf_count(), leaves);
}

/// Of everything, or of one field, as an event says.
TEST(EventBatch, TellsPartsOfTheRecordThatWasRead) {
  static const FieldIndex kLogFile = field_index("log_file");
  EventParts everything;
  for (const Field& field : fields()) everything.add(index_of(field));
  EventBatch batch;
  for (Event& event : test::RandomEvents(4).events(200)) {
    ASSERT_TRUE(batch.read(event.json));
    add_value(event, kLogFile, "file");
    const Event all = batch.read_event(everything, "file");
    ASSERT_EQ(all.values, event.values) << event.json;
    ASSERT_EQ(all.leaves, event.leaves) << event.json;
    ASSERT_EQ(all.time, event.time);
    for (const Field& field : fields()) {
      if (field.origin == Origin::subtree) continue;
      EventParts one;
      one.add(index_of(field));
      const Event part = batch.read_event(one, "file");
      ASSERT_TRUE(std::ranges::equal(trailsift::values_of(part, index_of(field)),
                                     trailsift::values_of(event, index_of(field))))
          << field.name << " of " << event.json;
    }
    EventParts leaf;
    leaf.add_leaf(event.leaves.back().path);
    for (const Leaf& told : batch.read_event(leaf, "file").leaves) {
      ASSERT_EQ(told.path, event.leaves.back().path);
    }
    batch.add_read("file");
  }
}

TEST(EventBatch, KeepsAndDropsRows) {
  test::RandomEvents random(1);
  const auto events = random.events(10);
  EventBatch batch = test::batch_of(events);
  batch.truncate(8);
  ASSERT_EQ(batch.size(), 8U);
  batch.keep(std::vector<char>{1, 0, 0, 1, 1, 0, 1, 0});
  std::vector<std::string> ids;
  for (const auto& row : batch.rows()) ids.emplace_back(row.id);
  EXPECT_EQ(ids,
            (std::vector<std::string>{events[0].id, events[3].id, events[4].id, events[6].id}));
}

/// Whatever the order of keys, two ways to one text are one path.
TEST(EventBatch, PathsAreToldByTheirText) {
  const std::string head = R"({"eventID":"e","eventTime":"2021-07-29T23:53:26Z",)";
  EventBatch batch;
  for (const char* members : {R"("a.b":{"c":"v"}})", R"("a":{"b.c":"v"}})",
                              R"("a":{"b":{"c":"v"}}})", R"("a":[{"b":[{"c":"v"}]}]})"}) {
    const std::string json = head + members;
    ASSERT_TRUE(batch.read(json)) << json;
    batch.add_read("");
  }
  std::set<LeafId> leaves;
  for (const auto& row : batch.rows()) leaves.insert(batch.leaves_of(row)[2]);
  ASSERT_EQ(leaves.size(), 1U);
  EXPECT_EQ(batch.path_text(*leaves.begin()), "a.b.c");
}

TEST(EventBatch, TellsItsMemory) {
  test::RandomEvents random(1);
  const std::size_t before = EventBatch().memory_bytes();
  const EventBatch batch = test::batch_of(random.events(2000));
  EXPECT_GT(batch.memory_bytes(), before + 1'000'000);
}

}  // namespace
}  // namespace trailsift::store
