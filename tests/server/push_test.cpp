#include <future>

#include <gtest/gtest.h>

#include "server/push_message.h"
#include "tests/server/push_fixture.h"

namespace trailsift::server {
namespace {

using namespace std::chrono_literals;
using indexer::IncomingMessage;
using indexer::MessageOutcome;

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
