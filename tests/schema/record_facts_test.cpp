// What real CloudTrail records do, fact by fact, as far as flattening decides it. The facts about
// files, order, duplicates and sizes are tested where they are handled (tests/indexer,
// tests/store).
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "schema/flatten.h"
#include "schema/words.h"

namespace trailsift {
namespace {

Event flat(const std::string& members) {
  auto event = flatten(R"({"eventID":"e1","eventTime":"2021-07-29T23:53:26Z",)" + members + "}");
  EXPECT_TRUE(event) << members.substr(0, 200);
  return event ? std::move(*event) : Event{};
}

bool has_leaf(const Event& event, const std::string& path, const std::string& value) {
  return std::ranges::find(event.leaves, Leaf{path, value}) != event.leaves.end();
}

std::string_view text(const Event& event, std::string_view field) {
  return value_of(event, field_index(field)).value_or("");
}

TEST(RecordFacts, AnyNumberOfPathsIsKept) {
  std::string parameters;
  constexpr int kPaths = 20'000;
  for (int i = 0; i < kPaths; ++i) {
    parameters +=
        (i == 0 ? "\"p" : ",\"p") + std::to_string(i) + "\":\"v" + std::to_string(i) + "\"";
  }
  const Event event = flat("\"requestParameters\":{" + parameters + "}");
  EXPECT_EQ(event.leaves.size(), kPaths + 2U);
  EXPECT_TRUE(has_leaf(event, "requestParameters.p19999", "v19999"));
}

TEST(RecordFacts, LongValuesAreKeptWhole) {
  const std::string longest = "start-" + std::string(18'103, 'x') + "-end";
  const Event event = flat("\"requestParameters\":{\"policy\":\"" + longest +
                           "\"},\"userAgent\":\"" + longest + "\"");
  EXPECT_TRUE(has_leaf(event, "requestParameters.policy", longest));
  EXPECT_EQ(text(event, "user_agent"), longest);
  EXPECT_EQ(pieces_of(longest).back(), "end");
}

TEST(RecordFacts, LargeRecordsAreNoSpecialCase) {
  std::string list;
  for (int i = 0; i < 104; ++i) {
    list += (i == 0 ? "" : ",") + std::string(R"({"instanceId":"i-0)") + std::to_string(i) +
            R"(","filler":")" + std::string(600, 'f') + "\"}";
  }
  const Event event = flat("\"responseElements\":{\"instancesSet\":{\"items\":[" + list + "]}}");
  EXPECT_GT(event.json.size(), 66'000U);
  EXPECT_TRUE(has_leaf(event, "responseElements.instancesSet.items.instanceId", "i-0103"));
}

TEST(RecordFacts, OnePathMayHoldSeveralTypes) {
  const struct {
    const char *json, *value;
  } same_path[] = {
      {R"({"p":1372.0})", "1372"}, {R"({"p":1372})", "1372"},   {R"({"p":"10"})", "10"},
      {R"({"p":10})", "10"},       {R"({"p":"true"})", "true"}, {R"({"p":true})", "true"},
      {R"({"p":["a","b"]})", "b"}, {R"({"p":"b"})", "b"},
  };
  for (const auto& c : same_path) {
    const Event event = flat(std::string("\"requestParameters\":") + c.json);
    EXPECT_TRUE(has_leaf(event, "requestParameters.p", c.value)) << c.json;
  }
  const Event object = flat(R"("requestParameters":{"imageId":{"id":"ami-1"}})");
  EXPECT_TRUE(has_leaf(object, "requestParameters.imageId.id", "ami-1"));
  const Event scalar = flat(R"("responseElements":"all of it")");
  EXPECT_TRUE(has_leaf(scalar, "responseElements", "all of it"));
  EXPECT_TRUE(in_subtree(field_at(field_index("response_elements")), scalar.leaves.back()));
}

TEST(RecordFacts, NullAbsentAndEmptyAreTheSame) {
  const Event absent = flat(R"("eventName":"X")");
  for (const char* members :
       {R"("eventName":"X","responseElements":null,"requestParameters":{},"errorCode":null)",
        R"("eventName":"X","responseElements":"","requestParameters":[],"errorCode":"")"}) {
    const Event event = flat(members);
    EXPECT_EQ(event.leaves, absent.leaves) << members;
    EXPECT_EQ(event.values, absent.values) << members;
  }
  EXPECT_EQ(text(absent, "event_outcome"), "success");
}

TEST(RecordFacts, InsightEventsHaveTheirNamesBelow) {
  const Event event = flat(
      R"("eventType":"AwsCloudTrailInsight","insightDetails":{"state":"Start","eventSource":"autoscaling.amazonaws.com","eventName":"CompleteLifecycleAction","insightType":"ApiCallRateInsight"})");
  EXPECT_EQ(text(event, "event_name"), "");
  EXPECT_EQ(text(event, "insight_event_name"), "CompleteLifecycleAction");
  EXPECT_EQ(text(event, "insight_state"), "Start");
}

TEST(RecordFacts, SourceAddressesAreTakenAsTheyStand) {
  for (const char* address : {"198.51.100.7", "2001:db8::1", "cloudtrail.amazonaws.com",
                              "AWS Internal", "198.51.100.7, 203.0.113.9", "{{placeholder}}"}) {
    const Event event = flat("\"sourceIPAddress\":\"" + std::string(address) + "\"");
    EXPECT_EQ(text(event, "source_ip_address"), address);
  }
}

TEST(RecordFacts, NarrowSpacesInDatesSeparateWords) {
  const Event event = flat("\"requestParameters\":{\"date\":\"Jul 29, 2021 4:11:47\u202fPM\"}");
  EXPECT_EQ(pieces_of(event.leaves.back().value),
            (Pieces{"jul", "29", "2021", "4", "11", "47", "pm"}));
}

TEST(RecordFacts, OddKeysAndPathsThatDifferInCaseAloneStayApart) {
  const Event event =
      flat(R"("requestParameters":{"X-Amz:a/b#*.c":"1","bucketname":"low","bucketName":"camel"})");
  EXPECT_TRUE(has_leaf(event, "requestParameters.X-Amz:a/b#*.c", "1"));
  EXPECT_TRUE(has_leaf(event, "requestParameters.bucketname", "low"));
  EXPECT_TRUE(has_leaf(event, "requestParameters.bucketName", "camel"));
}

TEST(RecordFacts, JsonInsideAStringIsSearchableText) {
  const Event event = flat(
      R"("requestParameters":{"policyDocument":"{\"Resource\":\"arn:aws:s3:::my-bucket/*\"}"})");
  std::vector<std::string> identifiers;
  for_each_identifier(event.leaves.back().value,
                      [&](std::string_view part) { identifiers.emplace_back(part); });
  EXPECT_NE(std::ranges::find(identifiers, "arn:aws:s3:::my-bucket/*"), identifiers.end());
}

}  // namespace
}  // namespace trailsift
