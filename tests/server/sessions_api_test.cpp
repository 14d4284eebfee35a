// GET /api/sessions/{id}. What a session is, tests/query/session_test.cpp asks.

#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

const std::vector<std::string>& session_records() {
  static const std::vector<std::string> kRecords = {
      R"({"eventTime":"2024-06-01T08:00:00Z","eventID":"open","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","recipientAccountId":"111122223333","userIdentity":{"type":"IAMUser","principalId":"AIDA1","userName":"alice","accessKeyId":"AKIA1"},"requestParameters":{"roleArn":"arn:aws:iam::444455556666:role/Admin","roleSessionName":"<b>&\u202e"},"responseElements":{"credentials":{"accessKeyId":"ASIA1","expiration":"Jun 1, 2024, 9:00:00 AM"},"assumedRoleUser":{"assumedRoleId":"AROA1:<b>&\u202e"}}})",
      R"({"eventTime":"2024-06-01T08:01:00Z","eventID":"use1","eventSource":"s3.amazonaws.com","eventName":"GetObject","errorCode":"AccessDenied","recipientAccountId":"444455556666","userIdentity":{"type":"AssumedRole","principalId":"AROA1:<b>&\u202e","accessKeyId":"ASIA1","sessionContext":{"attributes":{"creationDate":"2024-06-01T08:00:00Z"}}}})",
      R"({"eventTime":"2024-06-01T08:02:00Z","eventID":"use2","eventSource":"s3.amazonaws.com","eventName":"PutObject","userIdentity":{"type":"AssumedRole","principalId":"AROA1:<b>&\u202e","accessKeyId":"ASIA1","sessionContext":{"attributes":{"creationDate":"2024-06-01T08:00:00Z"}}}})",
      R"({"eventTime":"2024-06-01T08:03:00Z","eventID":"open2","eventSource":"sts.amazonaws.com","eventName":"AssumeRole","userIdentity":{"type":"AssumedRole","principalId":"AROA1:<b>&\u202e","accessKeyId":"ASIA1","sessionContext":{"attributes":{"creationDate":"2024-06-01T08:00:00Z"}}},"requestParameters":{"roleArn":"arn:aws:iam::444455556666:role/Deep","roleSessionName":"x"},"responseElements":{"credentials":{"accessKeyId":"ASIA2"}}})",
  };
  return kRecords;
}

/// The answer without the time that it took.
std::string told(const HttpResponse& response) {
  std::string body = response.body;
  if (const auto at = body.find(",\"took_ms\""); at != std::string::npos) body.erase(at);
  return body;
}

TEST(SessionsApi, TellsChainAndTimeline) {
  ServedStore store(session_records());
  const HttpResponse got = store.get("/api/sessions/ASIA1?size=2&columns=event_name");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.content_type, "application/json");
  rapidjson::Document body;
  body.Parse(got.body.c_str());
  ASSERT_FALSE(body.HasParseError()) << got.body;
  const std::string cursor = body["cursor"].GetString();
  const std::string text = told(got);
  for (
      const char* part : {
          R"({"chain":[{"session":true,"type":"AssumedRole","actor":)",
          R"("principal_id":"AROA1:<b>&)",
          R"("evidence":"access_key","confidence":"certain","ambiguous":false,"opened_by":[{"event_id":"open","event_name":"AssumeRole","recipient_account_id":"111122223333","time":"2024-06-01T08:00:00Z","expires":"2024-06-01T09:00:00Z","access_key_id":"ASIA1",)",
          R"({"session":false,"type":"IAMUser","actor":"alice","actor_type":"human","principal_id":"AIDA1","access_key_id":"AKIA1"}],"end":"origin","total":3,"errors":1,"denied":1,"first":"2024-06-01T08:01:00Z","last":"2024-06-01T08:03:00Z","gap_ms":60000,)",
          R"({"field":"event_name","values":[{"value":"AssumeRole","count":1},{"value":"GetObject","count":1},{"value":"PutObject","count":1}],"distinct":3,"missing":0})",
          R"("children":[{"event_id":"open2","event_name":"AssumeRole","time":"2024-06-01T08:03:00Z","expires":"2024-06-01T09:03:00Z","access_key_id":"ASIA2","role_arn":"arn:aws:iam::444455556666:role/Deep","session_name":"x"}],"child_count":1,)",
          R"("hits":[{"id":"use1","time":"2024-06-01T08:01:00Z","fields":{"event_name":"GetObject"}},{"id":"use2",)",
      }) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  const HttpResponse rest =
      store.get("/api/sessions/ASIA1?size=2&columns=event_name&cursor=" + cursor);
  EXPECT_NE(rest.body.find(R"("hits":[{"id":"open2",)"), std::string::npos) << rest.body;
  EXPECT_EQ(rest.body.find("\"cursor\""), std::string::npos) << rest.body;
}

TEST(SessionsApi, FindsRecordsThatComeLate) {
  ServedStore store({session_records()[1]});
  EXPECT_NE(store.get("/api/sessions/use1").body.find(R"("end":"no_record")"), std::string::npos);
  store.commit({session_records()[0]});
  EXPECT_NE(store.get("/api/sessions/use1").body.find(R"("end":"origin")"), std::string::npos);
}

TEST(SessionsApi, TakesIdsAsTheyAre) {
  ServedStore store(session_records());
  EXPECT_EQ(store.get("/api/sessions/AROA1%3A%3Cb%3E%26%E2%80%AE").status, 200);
  EXPECT_EQ(
      store.get("/api/sessions/arn%3Aaws%3Asts%3A%3A1%3Aassumed-role%2FAdmin%2Fx").body,
      R"({"error":{"code":"not_found","message":"there is no event, access key or session with the id 'arn:aws:sts::1:assumed-role/Admin/x'"}})");
}

TEST(SessionsApi, TellsWhatIsWrong) {
  ServedStore store(session_records());
  const struct {
    const char* target;
    int status;
    const char* message;
  } kCases[] = {
      {"/api/sessions/none", 404, "there is no event, access key or session with the id 'none'"},
      {"/api/sessions/AKIA1", 400, "which is a user's own: search for user_identity_access_key_id"},
      {"/api/sessions/use1?size=20000", 400, "size"},
      {"/api/sessions/use1?cursor=x", 400, R"("parameter":"cursor")"},
      {"/api/sessions/use1?created=soon", 400, R"("parameter":"created")"},
      {"/api/sessions/use1?columns=nosuch", 400, "there is no field 'nosuch'"},
      {"/api/sessions/use1?q=x", 400, "q"},
  };
  for (const auto& c : kCases) {
    const HttpResponse got = store.get(c.target);
    EXPECT_EQ(got.status, c.status) << c.target << got.body;
    EXPECT_NE(got.body.find(c.message), std::string::npos) << got.body;
  }
}

}  // namespace
}  // namespace trailsift::server
