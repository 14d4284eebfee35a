#include "server/push_access.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/server/push_fixture.h"

namespace trailsift::server {
namespace {

struct AccessCase {
  const char* name;
  PushRoute route = PushRoute::sns;
  std::string token;
  bool signatures = false;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string want;  ///< "known", "unknown" or the status.
  std::string peer = "127.0.0.1";
  std::string host = "localhost";
};

std::string verdict(const AccessCase& c) {
  PushOptions push;
  push.token = c.token;
  HttpRequest head;
  head.headers = c.headers;
  head.peer = c.peer;
  if (!c.host.empty()) head.host = c.host;
  const std::vector<std::string> hosts = {"logs.example.com"};
  const auto sender = check_sender(c.route, head, PushAccess{push, c.signatures, true, hosts});
  if (!sender) return std::to_string(sender.error().status);
  return *sender == Sender::known ? "known" : "unknown";
}

TEST(PushAccess, TellsWhoMaySend) {
  using enum PushRoute;
  const std::string key = "x-amz-firehose-access-key";
  const std::string bearer = std::string("Bearer ") + kToken;
  const AccessCase kCases[] = {
      {"local, no token", sns, "", false, {}, "known"},
      {"IPv6", sns, "", false, {}, "known", "::1"},
      {"mapped", sns, "", false, {}, "known", "::ffff:127.0.0.1"},
      {"another machine", sns, "", false, {}, "403", "198.51.100.7"},
      {"no peer", sns, "", false, {}, "403", ""},
      {"for itself", sns, "", false, {{"x-forwarded-for", "127.0.0.1, ::1"}}, "known"},
      {"for another", sns, "", false, {{"x-forwarded-for", "198.51.100.7"}}, "403"},
      {"for two", sns, "", false, {{"x-forwarded-for", "198.51.100.7, 127.0.0.1"}}, "403"},
      {"in two headers",
       sns,
       "",
       false,
       {{"x-forwarded-for", "127.0.0.1"}, {"x-forwarded-for", "198.51.100.7"}},
       "403"},
      {"odd proxy", sns, "", false, {{"x-forwarded-for", "unknown"}}, "403"},
      {"real ip", sns, "", false, {{"x-real-ip", "203.0.113.9"}}, "403"},
      {"RFC 7239", sns, "", false, {{"forwarded", "for=127.0.0.1"}}, "403"},
      {"local key without token", firehose, "", false, {{key, "any"}}, "known"},
      {"token missing", sns, kToken, false, {}, "401"},
      {"bearer", ingest, kToken, false, {{"authorization", bearer}}, "known", "198.51.100.7"},
      {"any name with the token",
       ingest,
       kToken,
       false,
       {{"authorization", bearer}},
       "known",
       "198.51.100.7",
       "evil.example"},
      {"lower case",
       ingest,
       kToken,
       false,
       {{"authorization", std::string("bearer  ") + kToken}},
       "known"},
      {"basic",  // any:0123456789abcdef0123456789abcdef
       sns,
       kToken,
       false,
       {{"authorization", "Basic YW55OjAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVm"}},
       "known"},
      {"basic, wrong", sns, kToken, true, {{"authorization", "Basic YW55OnRoaW5n"}}, "401"},
      {"basic, no base64", sns, kToken, true, {{"authorization", "Basic ?"}}, "401"},
      {"wrong", sns, kToken, true, {{"authorization", bearer + "0"}}, "401"},
      {"a beginning", sns, kToken, false, {{"authorization", bearer.substr(0, 20)}}, "401"},
      {"twice", sns, kToken, false, {{"authorization", bearer}, {"authorization", bearer}}, "401"},
      {"bare", sns, kToken, false, {{"authorization", kToken}}, "401"},
      {"empty", sns, kToken, false, {{"authorization", "Bearer "}}, "401"},
      {"access key", firehose, kToken, false, {{key, kToken}}, "known", "198.51.100.7"},
      {"wrong access key", firehose, kToken, false, {{key, "x"}}, "401"},
      {"access key elsewhere", awslogs, kToken, false, {{key, kToken}}, "401"},
      {"may be signed", sns, kToken, true, {}, "unknown", "198.51.100.7"},
      {"may be signed, no token", sns, "", true, {}, "unknown", "198.51.100.7"},
      {"signatures are of SNS", awslogs, kToken, true, {}, "401"},
      {"other name", sns, "", false, {}, "403", "127.0.0.1", "evil.example"},
      {"other name, signed", sns, kToken, true, {}, "403", "198.51.100.7", "evil.example"},
      {"allowed name", sns, kToken, true, {}, "unknown", "198.51.100.7", "logs.example.com"},
      {"no name", sns, "", false, {}, "403", "127.0.0.1", ""},
      {"foreign page", ingest, "", false, {{"origin", "https://evil.example"}}, "403"},
      {"no page", ingest, "", false, {{"origin", "null"}}, "403"},
      {"foreign page with token",
       ingest,
       kToken,
       false,
       {{"origin", "https://evil.example"}, {"authorization", bearer}},
       "403"},
      {"cross-site", ingest, "", false, {{"sec-fetch-site", "cross-site"}}, "403"},
      {"same site is another host", ingest, "", false, {{"sec-fetch-site", "same-site"}}, "403"},
      {"own page",
       ingest,
       "",
       false,
       {{"origin", "http://LOCALHOST:8080"}, {"sec-fetch-site", "same-origin"}},
       "known",
       "127.0.0.1",
       "localhost:8080"},
      {"own name, other port",
       ingest,
       "",
       false,
       {{"origin", "http://localhost:1"}},
       "403",
       "127.0.0.1",
       "localhost:8080"},
  };
  for (const AccessCase& c : kCases) EXPECT_EQ(verdict(c), c.want) << c.name;
}

TEST(PushAccess, ChallengesThoseWhoMayKnowTheToken) {
  HandIntake intake;
  StagedSources sources(intake);
  sources.options.token = kToken;
  PushServer server(&sources);
  const std::string got = server.ask("/ingest", "x");
  EXPECT_EQ(status_of(got), "401");
  EXPECT_NE(got.find("\r\nWWW-Authenticate: Basic realm=\"trailsift\"\r\n"), std::string::npos);
  EXPECT_EQ(content_of(got), R"({"error":{"code":"denied","message":"the token is missing"}})");
  const std::string key = server.ask(
      "/firehose" + kFirehoseId + "\r\nX-Amz-Firehose-Access-Key: nearly", R"({"records":[]})");
  EXPECT_EQ(status_of(key), "401");
  EXPECT_EQ(timeless(content_of(key)),
            R"({"requestId":"ed4acda5-034f-9f42-bba1-f29aea6d7d8f","timestamp":T,)"
            R"("errorMessage":"the token is wrong"})");
}

TEST(PushAccess, ComparesSecrets) {
  EXPECT_TRUE(same_secret(kToken, kToken));
  EXPECT_TRUE(same_secret("", ""));
  EXPECT_FALSE(same_secret(kToken, std::string(kToken) + '\0'));
  EXPECT_FALSE(same_secret("a", ""));
}

}  // namespace
}  // namespace trailsift::server
