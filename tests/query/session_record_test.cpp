#include "query/session_record.h"

#include <gtest/gtest.h>

#include "tests/query/test_store.h"

namespace trailsift::query {
namespace {

TEST(SessionRecord, ReadsExpirations) {
  const struct {
    const char* text;
    const char* time;  // nullptr: none.
  } kCases[] = {
      {"Jul 30, 2021, 1:00:05 AM", "2021-07-30T01:00:05Z"},
      {"Jul 19, 2023 10:30:00 PM", "2023-07-19T22:30:00Z"},
      {"Dec 31, 2024, 12:59:59\u202fAM", "2024-12-31T00:59:59Z"},
      {"Jan 1, 2024 12:00:00 PM", "2024-01-01T12:00:00Z"},
      {"2024-06-01T08:15:00Z", "2024-06-01T08:15:00Z"},
      {"Feb 30, 2021, 1:00:00 AM", nullptr},
      {"Jul 30, 2021, 13:00:00 PM", nullptr},
      {"Jul 30, 2021, 1:60:00 AM", nullptr},
      {"Jul 30, 2021, 1:00 AM", nullptr},
      {"Jul 30, 99999999999, 1:00:00 AM", nullptr},
      {"30 Jul 2021 1:00:00 AM", nullptr},
      {"Jul -3, 2021, 1:00:00 AM", nullptr},
      {"", nullptr},
      {",,,,,,,", nullptr},
  };
  for (const auto& c : kCases) {
    const auto time = parse_expiration(c.text);
    ASSERT_EQ(time.has_value(), c.time != nullptr) << c.text;
    if (time) {
      EXPECT_EQ(format_time(*time), c.time) << c.text;
    }
  }
}

constexpr const char* kAssumed =
    R"("eventSource":"sts.amazonaws.com","eventName":"AssumeRole","requestParameters":{)"
    R"("roleArn":"arn:aws:iam::444455556666:role/Admin","roleSessionName":"alice")";

TEST(SessionRecord, KnowsWhatOpensASession) {
  const std::string assumed(kAssumed);
  const struct {
    std::string members;
    const char* expires;  // nullptr: opens none.
  } kCases[] = {
      {assumed + R"(},"responseElements":{"credentials":{"accessKeyId":"ASIA1",)"
                 R"("expiration":"Jun 1, 2024, 9:15:00 AM"}})",
       "2024-06-01T09:15:00Z"},
      {assumed + "}", "2024-06-01T09:00:00Z"},
      {assumed + R"(,"durationSeconds":900})", "2024-06-01T08:15:00Z"},
      {assumed + R"(,"durationSeconds":999999999})", "2024-06-01T09:00:00Z"},
      {assumed + R"(,"durationSeconds":-5})", "2024-06-01T09:00:00Z"},
      // An end before the beginning, or years after it, is not believed.
      {assumed + R"(},"responseElements":{"credentials":{"accessKeyId":"ASIA1",)"
                 R"("expiration":"Jun 1, 2023, 9:15:00 AM"}})",
       "2024-06-01T09:00:00Z"},
      {assumed + R"(},"responseElements":{"credentials":{"accessKeyId":"ASIA1",)"
                 R"("expiration":"Jun 1, 9024, 9:15:00 AM"}})",
       "2024-06-01T09:00:00Z"},
      {assumed + R"(},"errorCode":"AccessDenied")", nullptr},
      {R"("eventSource":"sts.amazonaws.com","eventName":"GetSessionToken","responseElements":{)"
       R"("credentials":{"accessKeyId":"ASIA1"}})",
       "2024-06-01T20:00:00Z"},
      {R"("eventSource":"sts.amazonaws.com","eventName":"GetSessionToken")", nullptr},
      {R"("eventSource":"example.amazonaws.com","eventName":"AssumeRole")", nullptr},
      {R"("eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Success"})",
       "2024-06-01T20:00:00Z"},
      {R"("eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Failure"})", nullptr},
      {R"("eventName":"ConsoleLogin","responseElements":{"ConsoleLogin":"Success"},)"
       R"("userIdentity":{"type":"AssumedRole","principalId":"AROA1:alice"})",
       nullptr},
      {R"("eventName":"RunInstances")", nullptr},
  };
  for (const auto& c : kCases) {
    const auto issued = issuance_of(event("e1", "2024-06-01T08:00:00Z", c.members));
    ASSERT_EQ(issued.has_value(), c.expires != nullptr) << c.members;
    if (issued) {
      EXPECT_EQ(format_time(issued->expires), c.expires) << c.members;
    }
  }
}

TEST(SessionRecord, KnowsTemporaryCredentials) {
  const struct {
    const char* identity;
    bool session;
  } kCases[] = {
      {R"({"type":"AssumedRole","principalId":"AROA1:alice"})", true},
      {R"({"type":"FederatedUser","principalId":"111122223333:bob"})", true},
      {R"({"type":"IAMUser","accessKeyId":"ASIA1"})", true},
      {R"({"type":"Root","accessKeyId":"","sessionContext":{"attributes":{"creationDate":"2024-06-01T08:00:00Z"}}})",
       true},
      {R"({"type":"IAMUser","accessKeyId":"AKIA1","sessionContext":{"attributes":{"creationDate":"2024-06-01T08:00:00Z"}}})",
       false},
      {R"({"type":"IAMUser","accessKeyId":"AKIA1"})", false},
      {R"({"type":"AWSService","invokedBy":"ec2.amazonaws.com"})", false},
      {R"({"type":"AWSAccount","principalId":"AROA1:alice"})", false},
      {R"({})", false},
  };
  for (const auto& c : kCases) {
    const auto who = identity_of(
        event("e1", "2024-06-01T08:00:00Z", std::string("\"userIdentity\":") + c.identity));
    EXPECT_EQ(who.is_session(), c.session) << c.identity;
  }
}

}  // namespace
}  // namespace trailsift::query
