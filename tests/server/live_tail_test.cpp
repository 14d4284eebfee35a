// GET /api/tail: new events as server-sent events, who comes back, and signs of life.

#include <future>
#include <string>

#include <gtest/gtest.h>

#include "tests/server/raw_connection.h"
#include "tests/server/running_server.h"
#include "tests/server/served_store.h"

namespace trailsift::server {
namespace {

ServiceOptions quick() {
  ServiceOptions options;
  options.tail.interval = std::chrono::milliseconds(1);
  options.tail.max_clients = 2;
  options.tail.max_hits = 2;
  return options;
}

std::string record(const std::string& id, const std::string& name, const std::string& hour) {
  return R"({"eventID":")" + id + R"(","eventTime":"2021-07-30T)" + hour +
         R"(:00:00Z","eventName":")" + name + "\"}";
}

HttpResponse tail(ServedStore& store, const std::string& parameters, const std::string& last = "") {
  HttpRequest request;
  request.method = "GET";
  request.target = "/api/tail?columns=event_name&syntax=structured&" + parameters;
  request.host = "localhost";
  if (!last.empty()) request.headers.emplace_back("last-event-id", last);
  request.received = std::chrono::steady_clock::now();
  return answer_of(store.service(), std::move(request));
}

/// What the stream gives next, once it does.
std::string next(const HttpResponse& response) {
  std::promise<std::optional<BodyStream::Chunk>> given;
  response.stream->next([&](auto chunk) { given.set_value(std::move(chunk)); });
  const auto chunk = given.get_future().get();
  return chunk ? chunk->bytes : "cut";
}

std::string hit(const std::string& id, const std::string& name, const std::string& hour) {
  return "event: hit\ndata: {\"id\":\"" + id + "\",\"time\":\"2021-07-30T" + hour +
         ":00:00Z\",\"fields\":{\"event_name\":\"" + name + "\"}}\n\n";
}

TEST(LiveTail, TellsOfEachBatchWhatAnswersTheQuery) {
  ServedStore store(sample_records(), quick());
  const HttpResponse response = tail(store, "q=(not%20event_name:'No')");
  ASSERT_TRUE(response.stream) << response.body;
  EXPECT_EQ(response.content_type, "text/event-stream");
  EXPECT_EQ(next(response), ": trailsift\n\nid: 1\nevent: ready\ndata: {}\n\n");
  store.commit({record("n1", "A", "02"), record("n2", "B", "01"), record("n3", "No", "03")});
  EXPECT_EQ(next(response), hit("n2", "B", "01") + hit("n1", "A", "02") +
                                "id: 2\nevent: batch\ndata: {\"count\":2}\n\n");
  store.commit({record("n4", "No", "04")});  // Nothing is told of it.
  store.commit({record("n5", "C", "05"), record("n6", "D", "06"), record("n7", "E", "07")});
  EXPECT_EQ(next(response), "event: skipped\ndata: {\"count\":1}\n\n" + hit("n6", "D", "06") +
                                hit("n7", "E", "07") +
                                "id: 4\nevent: batch\ndata: {\"count\":3}\n\n");
}

TEST(LiveTail, GoesOnWhereAClientLeft) {
  ServedStore store(sample_records(), quick());
  EXPECT_EQ(next(tail(store, "")), ": trailsift\n\nid: 1\nevent: ready\ndata: {}\n\n");
  store.commit({record("n1", "A", "01")});
  const HttpResponse back = tail(store, "", "1");
  EXPECT_EQ(next(back), ": trailsift\n\nid: 1\nevent: ready\ndata: {}\n\n");
  EXPECT_EQ(next(back), hit("n1", "A", "01") + "id: 2\nevent: batch\ndata: {\"count\":1}\n\n");
  const HttpResponse late = tail(store, "", "never");
  EXPECT_EQ(next(late), ": trailsift\n\nevent: gap\ndata: {}\n\nid: 2\nevent: ready\ndata: {}\n\n");
}

TEST(LiveTail, GivesSignsOfLife) {
  ServiceOptions options = quick();
  options.tail.heartbeat = std::chrono::milliseconds(1);
  ServedStore store(sample_records(), options);
  const HttpResponse response = tail(store, "");
  next(response);
  EXPECT_EQ(next(response), ":\n\n");
}

TEST(LiveTail, BoundsItsClientsAndRefusesWrongQueries) {
  ServedStore store(sample_records(), quick());
  const HttpResponse first = tail(store, "");
  {
    const HttpResponse second = tail(store, "");
    EXPECT_EQ(tail(store, "").status, 503);
  }
  EXPECT_EQ(tail(store, "").status, 200);
  EXPECT_EQ(tail(store, "q=(").status, 400);
  EXPECT_EQ(tail(store, "size=5").status, 400);
}

TEST(LiveTail, ReachesAClientAndEndsWithIt) {
  ServedStore store(sample_records(), quick());
  const RunningServer server(store.service());
  for (int i = 0; i < 5; ++i) {  // More, one after the other, than there may be at a time.
    RawConnection client(server.port());
    client.send("GET /api/tail HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const std::string head = client.read_until("event: ready");
    if (head.find("503") != std::string::npos) {
      --i;  // The server has not heard yet that the one before is gone.
      continue;
    }
    store.commit({record("n" + std::to_string(i), "A", "0" + std::to_string(i))});
    EXPECT_NE(client.read_until("event: batch").find("\"n" + std::to_string(i) + "\""),
              std::string::npos);
  }
}

}  // namespace
}  // namespace trailsift::server
