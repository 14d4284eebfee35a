#include <future>

#include <gtest/gtest.h>

#include "server/push_access.h"
#include "server/push_message.h"
#include "tests/server/push_fixture.h"

namespace trailsift::server {
namespace {

using namespace std::chrono_literals;
using indexer::IncomingMessage;
using indexer::MessageOutcome;

const std::string kFirehoseId =
    "\r\nX-Amz-Firehose-Request-Id: ed4acda5-034f-9f42-bba1-f29aea6d7d8f";

MessageOutcome failed(ErrorCode code, const std::string& message) {
  MessageOutcome outcome;
  outcome.error = Error{code, message, {}};
  return outcome;
}

MessageOutcome counted() {
  MessageOutcome outcome;
  outcome.counts = {10, 4, 3, 2, 1, 99};
  outcome.notices.at(static_cast<std::size_t>(indexer::Notice::control_message)) = 1;
  return outcome;
}

/// `body` with the time of Firehose's answers replaced.
std::string timeless(std::string body) {
  constexpr std::string_view kTime = "\"timestamp\":";
  const std::size_t begin = body.find(kTime);
  if (begin == std::string::npos) return body;
  const std::size_t end = body.find_first_not_of("0123456789", begin + kTime.size());
  EXPECT_EQ(end - begin - kTime.size(), 13U) << "milliseconds of this age";
  return body.replace(begin + kTime.size(), end - begin - kTime.size(), "T");
}

TEST(Push, HandsOverWhatIsPosted) {
  HandIntake intake;
  StagedSources sources(intake);
  PushServer server(&sources);
  const struct {
    const char* head;
    const char* body;
    const char *source, *name;
    std::uint32_t attempt;
    IncomingMessage::Body kind;
  } kCases[] = {
      {"/sns/\r\nX-Aws-Sqsd-Msgid: m-1\r\nX-Aws-Sqsd-Receive-Count: 3", "{}", "push:/sns/",
       "sns:m-1", 3, IncomingMessage::Body::message},
      {"/sns", "{}", "push:/sns/", "sns:44136fa355b3678a1146ad16f7e8649e", 1,
       IncomingMessage::Body::message},
      {"//sns//?a=b\r\nContent-Type: application/x-www-form-urlencoded", "a=c", "push:/sns/",
       "sns:5d428c324800785da3c9210cead72fa8", 1, IncomingMessage::Body::message},
      {"/sns/\r\nx-amz-sns-message-id: m 2\xff:\r\nX-Aws-Sqsd-Receive-Count: 5x", "{}",
       "push:/sns/", "sns:m_2__", 1, IncomingMessage::Body::message},
      {"/sns/", R"({"Type":"Notification","MessageId":"m3","Message":"x"})", "push:/sns/", "sns:m3",
       1, IncomingMessage::Body::message},
      {"/firehose\r\nX-Amz-Firehose-Request-Id: r-1\r\nX-Aws-Sqsd-Receive-Count: 7",
       R"({"requestId":"other","records":[]})", "push:/firehose", "firehose:r-1", 1,
       IncomingMessage::Body::message},
      {"/firehose", R"({"requestId":"r-2","timestamp":1,"records":[]})", "push:/firehose",
       "firehose:r-2", 1, IncomingMessage::Body::message},
      {"/awslogs\r\nContent-Encoding: gzip", "{}", "push:/awslogs",
       "awslogs:44136fa355b3678a1146ad16f7e8649e", 1, IncomingMessage::Body::message},
      {"/ingest?name=s3://b/../%C3%A4%20k.json.gz", "\x1f\x8b", "push:/ingest",
       "ingest:s3_//b/../___k.json.gz", 1, IncomingMessage::Body::file},
  };
  for (const auto& c : kCases) {
    auto answer = std::async(std::launch::async, [&] { return server.ask(c.head, c.body); });
    auto [message, done] = intake.next();
    EXPECT_EQ(message.source, c.source) << c.head;
    EXPECT_EQ(message.name, c.name) << c.head;
    EXPECT_EQ(message.attempt, c.attempt) << c.head;
    EXPECT_EQ(message.kind, c.kind) << c.head;
    EXPECT_EQ(message.body, c.body) << c.head;
    EXPECT_FALSE(message.check) << c.head;
    done({});
    EXPECT_EQ(status_of(answer.get()), "200") << c.head;
  }
}

TEST(Push, NamesFilesByTheRequestUnlessTold) {
  HandIntake intake;
  StagedSources sources(intake);
  PushServer server(&sources);
  auto answer = std::async(std::launch::async, [&] { return server.ask("/ingest", "x"); });
  auto [message, done] = intake.next();
  done({});
  const std::string got = answer.get();
  EXPECT_NE(got.find("x-amzn-RequestId: " + message.name.substr(7) + "\r\n"), std::string::npos)
      << message.name << got;
}

TEST(Push, AnswersInTheShapeOfTheRoute) {
  HandIntake intake;
  StagedSources sources(intake);
  PushServer server(&sources);
  const std::string firehose = "/firehose" + kFirehoseId;
  const std::string id = R"({"requestId":"ed4acda5-034f-9f42-bba1-f29aea6d7d8f","timestamp":T)";
  const auto error = [](const std::string& code) {
    return R"({"error":{"code":")" + code + R"(","message":"why"}})";
  };
  const struct {
    std::string head;
    MessageOutcome outcome;
    const char* status;
    std::string body;
  } kCases[] = {
      {"/sns/", counted(), "200", ""},
      {"/sns/", failed(ErrorCode::unavailable, "why"), "500", error("unavailable")},
      {"/sns/", failed(ErrorCode::denied, "why"), "500", error("denied")},
      {"/sns/", failed(ErrorCode::not_found, "why"), "500", error("not_found")},
      {"/sns/", failed(ErrorCode::io, "why"), "500", error("io")},
      {"/sns/", failed(ErrorCode::bad_request, "why"), "400", error("bad_request")},
      {"/sns/", failed(ErrorCode::corrupt, "why"), "400", error("corrupt")},
      {"/sns/", failed(ErrorCode::too_large, "why"), "413", error("too_large")},
      {firehose, counted(), "200", id + "}"},
      {firehose, failed(ErrorCode::unavailable, "why"), "503", id + R"(,"errorMessage":"why"})"},
      {firehose, failed(ErrorCode::too_large, "why"), "413", id + R"(,"errorMessage":"why"})"},
      {firehose, failed(ErrorCode::bad_request, "why"), "400", id + R"(,"errorMessage":"why"})"},
      {firehose, failed(ErrorCode::denied, "why"), "500", id + R"(,"errorMessage":"why"})"},
      {"/awslogs", failed(ErrorCode::unavailable, "why"), "503", error("unavailable")},
      {"/awslogs", failed(ErrorCode::bad_request, "why"), "400", error("bad_request")},
      {"/ingest?name=a", counted(), "200",
       R"({"name":"ingest:a","read":10,"indexed":4,"duplicates":3,"filtered":2,"rejected":1,)"
       R"("bytes":99,"notices":{"control_message":1}})"},
      {"/ingest", failed(ErrorCode::corrupt, "why"), "400", error("corrupt")},
  };
  for (const auto& c : kCases) {
    auto answer = std::async(std::launch::async, [&] { return server.ask(c.head, "body"); });
    intake.next().second(c.outcome);
    const std::string got = answer.get();
    EXPECT_EQ(status_of(got), c.status) << c.head;
    EXPECT_EQ(timeless(content_of(got)), c.body) << c.head;
    EXPECT_EQ(got.find("Retry-After: ") != std::string::npos, status_of(got) == "503") << got;
    EXPECT_NE(got.find("\r\nX-Content-Type-Options: nosniff\r\n"), std::string::npos) << got;
    EXPECT_EQ(got.find("\r\nContent-Type:") == std::string::npos, c.body.empty()) << got;
  }
}

TEST(Push, KeepsNothingItHasNoRoomFor) {
  HandIntake intake;
  intake.full = true;
  StagedSources sources(intake);
  PushServer server(&sources);
  for (const char* head :
       {"/sns/", "/firehose\r\nX-Amz-Firehose-Request-Id: r", "/awslogs", "/ingest"}) {
    const std::string got = server.ask(head, "body");
    EXPECT_EQ(status_of(got), "503") << head;
    EXPECT_NE(got.find("\r\nRetry-After: 1\r\n"), std::string::npos) << got;
  }
}

TEST(Push, RefusesWhatIsNoMessage) {
  HandIntake intake;
  StagedSources sources(intake);
  PushServer server(&sources);
  const struct {
    const char *head, *body, *status, *message;
  } kCases[] = {
      {"/sns/", "", "400", "expected a body, got none"},
      {"/firehose", "{}", "400",
       R"("requestId":"","timestamp":T,"errorMessage":"expected a requestId of 1 to 256 bytes, got '')"},
      {"/firehose", "not json", "400", "expected a requestId"},
      {"/firehose\r\nX-Amz-Firehose-Request-Id: r", "", "400", R"({"requestId":"r",)"},
      {"/ingest\r\nContent-Encoding: br", "x", "415",
       "expected Content-Encoding gzip or none, got 'br'"},
      {"/firehose\r\nX-Amz-Firehose-Request-Id: r\r\nContent-Encoding: gzip, gzip", "x", "415",
       R"({"requestId":"r","timestamp":T,"errorMessage":"expected Content-Encoding gzip)"},
      {"/ingest?name=%zz", "x", "400", "expected two hexadecimal digits"},
      {"/ingest?name=a&name=b", "x", "400", "more than once"},
  };
  for (const auto& c : kCases) {
    const std::string got = server.ask(c.head, c.body);
    EXPECT_EQ(status_of(got), c.status) << c.head;
    EXPECT_NE(timeless(got).find(c.message), std::string::npos) << c.head << got;
  }
  for (const char* method : {"GET", "HEAD", "PUT", "OPTIONS"}) {
    const std::string got = server.ask(
        std::string(method) + " /sns/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    EXPECT_EQ(status_of(got), "405") << method;
    EXPECT_NE(got.find("\r\nAllow: POST\r\n"), std::string::npos) << got;
  }
  EXPECT_FALSE(intake.take());
}

TEST(Push, IsClosedUnlessItIsOpened) {
  HandIntake intake;
  StagedSources sources(intake);
  sources.options.open.fill(false);
  PushServer without(nullptr);
  PushServer closed(&sources);
  for (PushServer* server : {&without, &closed}) {
    for (const char* path : {"/sns/", "/sns", "/firehose", "/awslogs", "/ingest"}) {
      // Not even the body is asked for.
      RawConnection connection(server->port());
      connection.send(std::string("POST ") + path +
                      " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                      "Content-Length: 5\r\n\r\n");
      connection.end();
      const std::string got = connection.read_all();
      EXPECT_EQ(status_of(got), "403") << got;
      EXPECT_NE(got.find("this server takes nothing here: the route was not opened"),
                std::string::npos)
          << got;
    }
  }
  EXPECT_FALSE(intake.take());
}

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

TEST(PushLimits, DependOnTheRouteAndTheSender) {
  HandIntake intake;
  StagedSources sources(intake);
  sources.options.token = kToken;
  sources.options.max_body_bytes = 3UL << 20;
  HttpOptions http;
  http.limits.max_body_bytes = 1000;
  PushServer server(&sources, http);
  const std::string token = std::string("\r\nAuthorization: Bearer ") + kToken;
  const std::string large(3UL << 20, 'x');

  auto taken = std::async(std::launch::async, [&] { return server.ask("/ingest" + token, large); });
  auto [message, done] = intake.next();
  EXPECT_EQ(message.body, large);
  done({});
  EXPECT_EQ(status_of(taken.get()), "200");

  const std::string over = server.ask("/ingest" + token, large + "y");
  EXPECT_EQ(status_of(over), "413");
  EXPECT_EQ(content_of(over),
            R"({"error":{"code":"too_large","message":"the body is larger than the limit of )"
            R"(3145728 bytes"}})");
  const std::string firehose = server.ask(
      "/firehose" + kFirehoseId + "\r\nX-Amz-Firehose-Access-Key: " + kToken, large + "y");
  EXPECT_EQ(status_of(firehose), "413");
  EXPECT_TRUE(content_of(firehose).starts_with(R"({"requestId":"ed4acda5-)")) << firehose;
  EXPECT_EQ(status_of(server.ask("/2013-01-01/search", std::string(1001, 'x'))), "413");
  EXPECT_FALSE(intake.take());
}

TEST(PushLimits, HoldForChunkedBodies) {
  HandIntake intake;
  StagedSources sources(intake);
  sources.options.max_body_bytes = 2UL << 20;
  PushServer server(&sources);
  const std::string head =
      "POST /ingest HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      "Transfer-Encoding: chunked\r\n\r\n";
  const std::string chunk = "100000\r\n" + std::string(0x100000, 'c') + "\r\n";
  auto taken = std::async(std::launch::async,
                          [&] { return server.ask(head + chunk + chunk + "0\r\n\r\n"); });
  auto [message, done] = intake.next();
  EXPECT_EQ(message.body.size(), 2UL << 20);
  done({});
  EXPECT_EQ(status_of(taken.get()), "200");
  EXPECT_EQ(status_of(server.ask(head + chunk + chunk + chunk + "0\r\n\r\n")), "413");
}

TEST(PushLimits, ComeBeforeTheBody) {
  HandIntake intake;
  StagedSources sources(intake);
  sources.options.token = kToken;
  sources.options.max_body_bytes = 100;
  PushServer server(&sources);
  const auto expecting = [&](const std::string& more) {
    RawConnection connection(server.port());
    connection.send("POST /ingest HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue" + more +
                    "\r\n\r\n");
    return status_of(connection.read_until("\r\n\r\n"));
  };
  const std::string token = std::string("\r\nAuthorization: Bearer ") + kToken;
  EXPECT_EQ(expecting("\r\nContent-Length: 5"), "401");
  EXPECT_EQ(expecting("\r\nContent-Length: 101" + token), "413");
  EXPECT_EQ(expecting("\r\nContent-Length: 5\r\nContent-Encoding: br" + token), "415");
  EXPECT_EQ(expecting("\r\nContent-Length: 5" + token), "100");
}

TEST(PushLimits, BoundAllBodiesTogether) {
  HandIntake intake;
  StagedSources sources(intake);
  HttpOptions http;
  http.limits.max_receiving_bytes = 1UL << 20;
  PushServer server(&sources, http);
  const std::string large(600'000, 'x');
  RawConnection first(server.port());
  first.send(
      "POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: 600000\r\n"
      "Expect: 100-continue\r\nConnection: close\r\n\r\n");
  ASSERT_EQ(status_of(first.read_until("\r\n\r\n")), "100");

  const std::string second = server.ask("/firehose" + kFirehoseId, large);
  EXPECT_EQ(status_of(second), "503");
  EXPECT_NE(second.find("\r\nRetry-After: 1\r\n"), std::string::npos);
  EXPECT_EQ(timeless(content_of(second)),
            R"({"requestId":"ed4acda5-034f-9f42-bba1-f29aea6d7d8f","timestamp":T,"errorMessage":)"
            R"("the server is busy: the bodies that it receives have 1048576 bytes already"})");
  const std::string chunked = server.ask(
      "POST /ingest HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
      "Transfer-Encoding: chunked\r\n\r\n927c0\r\n" +
      large + "\r\n0\r\n\r\n");
  EXPECT_EQ(status_of(chunked), "503");
  // Small ones always have room.
  auto small = std::async(std::launch::async, [&] { return server.ask("/ingest", "small"); });
  intake.next().second({});
  EXPECT_EQ(status_of(small.get()), "200");

  first.send(large);
  auto [message, done] = intake.next();
  EXPECT_EQ(message.body, large);
  done({});
  EXPECT_EQ(status_of(first.read_all()), "200");
  // The room is given back by the thread that took the message, maybe after the answer is here.
  auto third = std::async(std::launch::async, [&] {
    std::string answer = server.ask("/ingest", large);
    for (int i = 0; i < 1000 && status_of(answer) == "503"; ++i) {
      answer = server.ask("/ingest", large);
    }
    return answer;
  });
  intake.next().second({});
  EXPECT_EQ(status_of(third.get()), "200");
}

TEST(PushWaiting, CostsNoThreads) {
  HandIntake intake;
  StagedSources sources(intake);
  HttpOptions http;
  http.threads = 1;
  PushServer server(&sources, http);
  constexpr std::size_t kPosts = 1000;
  std::vector<std::unique_ptr<RawConnection>> posts;
  for (std::size_t i = 0; i < kPosts; ++i) {
    posts.push_back(std::make_unique<RawConnection>(server.port()));
    posts.back()->send(PushServer::request("/sns/", "message " + std::to_string(i)));
  }
  std::vector<HandIntake::Taken> taken;
  for (std::size_t i = 0; i < kPosts; ++i) taken.push_back(intake.next());
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(status_of(server.ask(
                  "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")),
              "200");
  }
  // As a commit does: all at once, on a thread of its own.
  std::jthread commit([&] {
    for (auto& [message, done] : taken) done({});
  });
  for (auto& post : posts) EXPECT_EQ(status_of(post->read_all()), "200");
}

TEST(PushWaiting, SurvivesClientsThatGo) {
  HandIntake intake;
  StagedSources sources(intake);
  PushServer server(&sources);
  std::vector<HandIntake::Taken> taken;
  for (int i = 0; i < 20; ++i) {
    RawConnection gone(server.port());
    gone.send(PushServer::request("/sns/", "body"));
    taken.push_back(intake.next());
  }
  for (auto& [message, done] : taken) done({});
  auto answer = std::async(std::launch::async, [&] { return server.ask("/sns/", "body"); });
  intake.next().second({});
  EXPECT_EQ(status_of(answer.get()), "200");
}

TEST(PushWaiting, IsAnsweredBeforeTheServerStops) {
  HandIntake intake;
  StagedSources sources(intake);
  PushServer server(&sources);
  RawConnection connection(server.port());
  connection.send("POST /sns/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
  auto [message, done] = intake.next();
  server.server().begin_stop();
  done({});
  const std::string got = connection.read_all();
  EXPECT_EQ(status_of(got), "200") << got;
  EXPECT_NE(got.find("\r\nConnection: close\r\n"), std::string::npos) << got;
}

TEST(PushWaiting, DoesNotKeepTheServerFromStopping) {
  HandIntake intake;
  StagedSources sources(intake);
  HttpOptions http;
  http.limits.stop_timeout = 50ms;
  std::optional<HandIntake::Taken> late;
  {
    PushServer server(&sources, http);
    RawConnection connection(server.port());
    connection.send("POST /sns/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx");
    late = intake.next();
    server.server().stop();
    EXPECT_EQ(connection.read_all(), "");
    late->second({});  // Nobody hears it.
  }
}

TEST(PushMessage, HasNamesThatNoFileHas) {
  EXPECT_EQ(push_name(PushRoute::ingest, "a b\n\"<>\x01:/../x"), "ingest:a_b______/../x");
  EXPECT_EQ(push_name(PushRoute::sns, std::string(2000, 'a')).size(), 512U);
  EXPECT_EQ(push_source(PushRoute::sns), "push:/sns/");
  EXPECT_EQ(push_source(PushRoute::ingest), "push:/ingest");
}

}  // namespace
}  // namespace trailsift::server
