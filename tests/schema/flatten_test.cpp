#include "schema/flatten.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace trailsift {
namespace {

std::string record(std::string_view members) {
  std::string json = R"({"eventID":"e1","eventTime":"2021-07-29T23:53:26Z")";
  if (!members.empty()) json += ",";
  return json + std::string(members) + "}";
}

Event flat(std::string_view members) {
  auto event = flatten(record(members));
  EXPECT_TRUE(event) << members << ": " << (event ? "" : event.error().detail);
  return event ? std::move(*event) : Event{};
}

std::vector<std::string> values(const Event& event, std::string_view field) {
  std::vector<std::string> out;
  for (const auto& value : values_of(event, field_index(field))) out.push_back(value.value);
  return out;
}

/// The leaves but for those of record() itself, as "path=value".
std::vector<std::string> leaves(const Event& event) {
  std::vector<std::string> out;
  for (const Leaf& leaf : event.leaves) {
    if (leaf.path != "eventID" && leaf.path != "eventTime")
      out.push_back(leaf.path + "=" + leaf.value);
  }
  return out;
}

using Strings = std::vector<std::string>;

TEST(Flatten, LeavesAreThePathsThroughArraysAndOddKeys) {
  const struct {
    const char* members;
    Strings want;
  } cases[] = {
      {R"("requestParameters":{"a":{"b":[{"c":1},{"c":"x"},2]},"d":true})",
       {"requestParameters.a.b.c=1", "requestParameters.a.b.c=x", "requestParameters.a.b=2",
        "requestParameters.d=true"}},
      {R"("requestParameters":{"x-amz:y/z#*.w":"v"})", {"requestParameters.x-amz:y/z#*.w=v"}},
      {R"("requestParameters":null,"responseElements":{},"additionalEventData":[])", {}},
      {R"("requestParameters":{"a":"","b":null,"c":[[]]})", {}},
      {R"("responseElements":"text")", {"responseElements=text"}},
      {R"("requestParameters":{"n":1372.0,"m":1.5,"o":1e300})",
       {"requestParameters.n=1372", "requestParameters.m=1.5", "requestParameters.o=1e300"}},
      {R"("requestParameters":{"\u00e9":"\ud83d\ude00\u0000"})",
       {std::string("requestParameters.é=😀\0", 26)}},
      {R"("a":[[["deep"]]])", {"a=deep"}},
  };
  for (const auto& c : cases) EXPECT_EQ(leaves(flat(c.members)), c.want) << c.members;
}

TEST(Flatten, FieldsTakeTheirTypesForm) {
  const struct {
    const char *members, *field;
    Strings want;
  } cases[] = {
      {R"("readOnly":true)", "read_only", {"true"}},
      {R"("readOnly":"True")", "read_only", {"true"}},
      {R"("readOnly":"maybe")", "read_only", {}},
      {R"("additionalEventData":{"bytesTransferredIn":1372.0})", "bytes_in", {"1372"}},
      {R"("errorCode":200)", "error_code", {"200"}},
      {R"("errorCode":"")", "error_code", {}},
      {R"("errorCode":null)", "error_code", {}},
      {R"("sourceIPAddress":"a, b")", "source_ip_address", {"a, b"}},
      {R"("resources":[{"ARN":"y"},{"ARN":"x"},{"ARN":"y"}])", "resources_arn", {"y", "x"}},
      {R"("awsRegion":"a","awsRegion":"b")", "aws_region", {"b"}},
      {R"("userIdentity":{"sessionContext":{"attributes":{"creationDate":"2021-07-29T12:54:17.000Z"}}})",
       "session_creation_date",
       {"2021-07-29T12:54:17Z"}},
      {R"("userIdentity":"odd")", "user_identity_type", {}},
  };
  for (const auto& c : cases) EXPECT_EQ(values(flat(c.members), c.field), c.want) << c.members;
}

TEST(Flatten, KeepsTheRecordByteForByte) {
  const std::string json =
      "{ \"eventID\" : \"e1\",\n\t\"eventTime\":\"2021-07-29T23:53:26Z\" , \"x\":1.0e0 }";
  const auto parsed = parse_record("\n " + json + " , {");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->event.json, json);
  EXPECT_EQ(parsed->size, json.size() + 2);
  EXPECT_EQ(parsed->event.id, "e1");
  EXPECT_EQ(format_time(parsed->event.time), "2021-07-29T23:53:26Z");
}

TEST(Flatten, NamesWhyARecordIsRefused) {
  const std::string deep_array = R"({"eventID":"e","a":)" + std::string(100'000, '[');
  const std::string deep_object = [] {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += R"({"a":)";
    return text;
  }();
  const struct {
    std::string json;
    Reject want;
  } cases[] = {
      {"", Reject::truncated},
      {"  ", Reject::truncated},
      {"{", Reject::truncated},
      {R"({"eventID":"e)", Reject::truncated},
      {R"({"eventID":"e\u00)", Reject::truncated},
      {"{\"eventID\":\"\xc3", Reject::truncated},
      {R"({"eventID":tru)", Reject::truncated},
      {R"({"eventID":12)", Reject::truncated},
      {R"({"eventID" "e"})", Reject::invalid_json},
      {R"({"eventID":"e",})", Reject::invalid_json},
      {R"({eventID:"e"})", Reject::invalid_json},
      {R"({"a":01})", Reject::invalid_json},
      {R"({"a":NaN,"b":1})", Reject::invalid_json},
      {R"({"a":1e400,"b":1})", Reject::invalid_json},
      {"{\"eventID\":\"\xff\",\"eventTime\":\"2021-07-29T23:53:26Z\"}", Reject::invalid_utf8},
      {"{\"a\":\"\xed\xa0\x80\",\"eventTime\":\"2021-07-29T23:53:26Z\"}", Reject::invalid_utf8},
      {R"({"a":"\ud800","eventTime":"2021-07-29T23:53:26Z"})", Reject::invalid_utf8},
      {deep_array, Reject::too_deep},
      {deep_object, Reject::too_deep},
      {"[1]", Reject::not_an_object},
      {"7 ", Reject::not_an_object},
      {R"("text" )", Reject::not_an_object},
      {"null ", Reject::not_an_object},
      {R"({"eventTime":"2021-07-29T23:53:26Z"})", Reject::missing_event_id},
      {R"({"eventID":"","eventTime":"2021-07-29T23:53:26Z"})", Reject::missing_event_id},
      {R"({"eventID":")" + std::string(257, 'x') + R"(","eventTime":"2021-07-29T23:53:26Z"})",
       Reject::bad_event_id},
      {R"({"eventID":"e"})", Reject::missing_event_time},
      {R"({"eventID":"e","eventTime":null})", Reject::missing_event_time},
      {R"({"eventID":"e","eventTime":"2014-03-06T21: 22: 54Z"})", Reject::bad_event_time},
      {R"({"eventID":"e","eventTime":1627602806})", Reject::bad_event_time},
  };
  for (const auto& c : cases) {
    const auto event = flatten(c.json);
    ASSERT_FALSE(event) << c.json.substr(0, 80);
    EXPECT_EQ(name(event.error().reason), name(c.want)) << c.json.substr(0, 80);
    EXPECT_FALSE(event.error().detail.empty());
  }
}

TEST(Flatten, EveryPrefixOfARecordIsTruncated) {
  const std::string json = record(
      R"("requestParameters":{"a":[1.5,-2e7,true,false,null,"\u00e9é\ud83d\ude00\n"],"b":{}})");
  ASSERT_TRUE(flatten(json));
  for (std::size_t size = 0; size < json.size(); ++size) {
    const auto event = flatten(json.substr(0, size));
    ASSERT_FALSE(event) << size;
    EXPECT_EQ(name(event.error().reason), "truncated") << json.substr(0, size);
  }
}

TEST(Flatten, ARecordThatIsRefusedForItsContentSaysHowLongItWas) {
  const auto parsed = parse_record(R"( {"eventTime":"x"} , {})");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().size, 18U);
}

TEST(Flatten, SubtreesAreReturnedAsTheyStand) {
  const std::string json = record(
      "\"requestParameters\" : { \"responseElements\":{\"x\":1}, \"a\":[ 1 , {} ] } ,"
      "\"responseElements\":\"text\",\"additionalEventData\":null,\"serviceEventDetails\":[1]");
  const struct {
    const char* field;
    std::optional<std::string_view> want;
  } cases[] = {
      {"request_parameters", R"({ "responseElements":{"x":1}, "a":[ 1 , {} ] })"},
      {"response_elements", R"("text")"},
      {"additional_event_data", std::nullopt},
      {"service_event_details", "[1]"},
      {"raw", json},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(subtree_json(json, field_at(field_index(c.field))), c.want) << c.field;
  }
  EXPECT_EQ(subtree_json(record(""), field_at(field_index("request_parameters"))), std::nullopt);
}

}  // namespace
}  // namespace trailsift
