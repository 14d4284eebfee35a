#include "query/values_beginning.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

Event named(const std::string& id, const std::string& name) {
  return event(id, "2021-07-29T12:00:00Z", "\"eventName\":\"" + name + "\"");
}

TEST(ValuesBeginning, GoThroughAllSegmentsInOrder) {
  TestStore store{{named("1", "GetObject"), named("2", "PutObject"), named("3", "getItem")},
                  {named("4", "GetObject"), named("5", "GETUser")}};
  const struct {
    const char* beginning;
    std::size_t limit;
    const char* want;
  } kRows[] = {
      {"get", 10, "3: GETUser GetObject getItem"},
      {"GETO", 10, "1: GetObject"},
      {"get", 2, "3: GETUser GetObject"},
      {"get", 0, "3:"},
      {"", 10, "4: GETUser GetObject PutObject getItem"},
      {"x", 10, "0:"},
  };
  for (const auto& [beginning, limit, want] : kRows) {
    const auto values = values_beginning(*store.snapshot(), field_index("event_name"), beginning,
                                         limit, Deadline());
    ASSERT_TRUE(values);
    std::string got = std::to_string(values->found) + ":";
    for (const std::string& value : values->values) got += " " + value;
    EXPECT_EQ(got, want) << beginning;
  }
}

TEST(ValuesBeginning, AreOfColumnsOfText) {
  TestStore store{{named("1", "GetObject")}};
  for (const char* field : {"raw", "bytes_in", "event_time", "read_only"}) {
    const auto values = values_beginning(*store.snapshot(), field_index(field), "x", 1, Deadline());
    ASSERT_FALSE(values) << field;
    EXPECT_EQ(values.error().message,
              "expected a field with values of text, got '" + std::string(field) + "'");
  }
  const auto none =
      values_beginning(*store.snapshot(), field_index("error_code"), "x", 1, Deadline());
  ASSERT_TRUE(none);
  EXPECT_EQ(none->found, 0U);
}

}  // namespace
}  // namespace trailsift::query
