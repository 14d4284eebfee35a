#include "schema/event_parts.h"

#include <gtest/gtest.h>

namespace trailsift {
namespace {

TEST(EventParts, NamesWhatAFieldNeeds) {
  const struct {
    const char* field;
    const char* also;  ///< Another field that is needed for it.
    bool derived, joined, request_leaf, other_leaf;
  } kCases[] = {
      {"event_name", "event_name", false, false, false, false},
      {"actor", "actor", true, false, false, false},
      {"account_name", "recipient_account_id", false, true, false, false},
      {"integrity", "log_file", false, true, false, false},
      {"request_parameters", "request_parameters", false, false, true, false},
      {"raw", "account_name", false, true, true, true},
      {"raw", "recipient_account_id", false, true, true, true},
  };
  for (const auto& c : kCases) {
    EventParts parts;
    EXPECT_FALSE(parts.has(field_index(c.field)));
    parts.add(field_index(c.field));
    EXPECT_TRUE(parts.has(field_index(c.field)));
    EXPECT_TRUE(parts.has(field_index(c.also))) << c.field;
    EXPECT_FALSE(parts.has(field_index("event_time"))) << c.field;
    EXPECT_EQ(parts.has_derived(), c.derived) << c.field;
    EXPECT_EQ(parts.has_joined(), c.joined) << c.field;
    EXPECT_EQ(parts.has_leaf("requestParameters.x"), c.request_leaf) << c.field;
    EXPECT_EQ(parts.has_leaf("requestParametersX"), c.other_leaf) << c.field;
  }
}

TEST(EventParts, NamesALeafByItsWholePath) {
  EventParts parts;
  parts.add_leaf("requestParameters.bucketName");
  EXPECT_TRUE(parts.has_leaf("requestParameters.bucketName"));
  EXPECT_FALSE(parts.has_leaf("requestParameters.bucketName.x"));
  EXPECT_FALSE(parts.has_leaf("requestParameters"));
  EXPECT_FALSE(parts.has_derived() || parts.has_joined());
}

}  // namespace
}  // namespace trailsift
