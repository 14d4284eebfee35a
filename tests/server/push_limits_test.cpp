// What the push endpoints take at most.

#include <future>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "tests/server/push_fixture.h"

namespace trailsift::server {
namespace {

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

}  // namespace
}  // namespace trailsift::server
