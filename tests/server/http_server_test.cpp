#include "server/http_server.h"

#include <condition_variable>
#include <future>
#include <latch>
#include <map>
#include <mutex>

#include <gtest/gtest.h>
#include <httplib.h>

#include "tests/server/raw_connection.h"
#include "tests/server/running_server.h"

namespace trailsift::server {
namespace {

using namespace std::chrono_literals;

/// Answers with what it was asked: "METHOD TARGET BODY".
class Echo : public HttpHandler {
 public:
  void answer(HttpRequest request, Respond respond) override {
    if (request.target == "/throw") throw std::runtime_error("a bug");
    if (request.target == "/same") return respond({304, "", "", {{"ETag", "\"a\""}}});
    respond(echo(request));
  }
  HttpResponse refuse(int status, std::string_view message, const HttpRequest* head) override {
    HttpResponse response{
        status, "application/json", "{\"refused\":\"" + std::string(message) + "\"}", {}};
    if (head != nullptr) response.headers.emplace_back("X-Refused", head->target);
    return response;
  }
  static HttpResponse echo(const HttpRequest& request) {
    return {200,
            "text/plain",
            request.method + " " + request.target + " " + request.body,
            {{"X-Type", request.content_type}, {"X-Host", request.host.value_or("none")}}};
  }
};

std::string body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

/// All that comes for these bytes on one connection.
std::string answers_to(const std::string& bytes) {
  Echo echo;
  const RunningServer server(echo);
  RawConnection connection(server.port());
  connection.send(bytes);
  return connection.read_all();
}

TEST(HttpServer, AnswersAnIndependentClient) {
  Echo echo;
  const RunningServer server(echo);
  httplib::Client client("127.0.0.1", server.port());
  client.set_keep_alive(true);
  for (int i = 0; i < 3; ++i) {
    const auto got = client.Get("/a?b=c");
    ASSERT_TRUE(got);
    EXPECT_EQ(got->status, 200);
    EXPECT_EQ(got->body, "GET /a?b=c ");
    EXPECT_EQ(got->get_header_value("Content-Type"), "text/plain");
    EXPECT_EQ(got->get_header_value("X-Host"), "127.0.0.1:" + std::to_string(server.port()));
    EXPECT_TRUE(got->has_header("Date"));
    const auto posted = client.Post("/p", "x=1", "application/x-www-form-urlencoded");
    ASSERT_TRUE(posted);
    EXPECT_EQ(posted->body, "POST /p x=1");
    EXPECT_EQ(posted->get_header_value("X-Type"), "application/x-www-form-urlencoded");
  }
}

TEST(HttpServer, LeavesTheBodyOutOfHead) {
  const std::string answers =
      answers_to("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answers.find("Content-Length: 8\r\n"), std::string::npos) << answers;  // "HEAD /a "
  EXPECT_EQ(answers.find("HEAD /a"), std::string::npos) << answers;
  EXPECT_TRUE(answers.ends_with("GET /b ")) << answers;
}

TEST(HttpServer, SendsNeitherBodyNorLengthOfWhatTheClientHas) {
  const std::string answers = answers_to(
      "GET /same HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answers.starts_with("HTTP/1.1 304 Not Modified\r\n")) << answers;
  const std::string first = answers.substr(0, answers.find("\r\n\r\n"));
  EXPECT_EQ(first.find("Content-Length"), std::string::npos) << first;
  EXPECT_EQ(first.find("Content-Type"), std::string::npos) << first;
  EXPECT_EQ(answers.find("HTTP/1.1 200", first.size()), first.size() + 4) << answers;
  EXPECT_TRUE(answers.ends_with("GET /b ")) << answers;
}

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\n\r\n";
  const std::string answers =
      answers_to(requests + "GET /last HTTP/1.1\r\nConnection: close\r\n\r\n");
  std::size_t before = 0;
  for (int i = 0; i < 20; ++i) {
    const std::size_t here = answers.find("GET /" + std::to_string(i) + " ", before);
    ASSERT_NE(here, std::string::npos) << i;
    before = here;
  }
  EXPECT_TRUE(answers.ends_with("GET /last "));
}

TEST(HttpServer, SpeaksHttp10) {
  const std::string answer = answers_to("GET /old HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.0 200 OK\r\n")) << answer;
  EXPECT_TRUE(answer.ends_with("GET /old ")) << answer;
}

TEST(HttpServer, TakesUrisUpToTheLimit) {
  Echo echo;
  const RunningServer server(echo);
  httplib::Client client("127.0.0.1", server.port());
  const std::string longest = "/" + std::string(64UL * 1024 - 1, 'a');
  const auto fits = client.Get(longest);
  ASSERT_TRUE(fits);
  EXPECT_EQ(fits->status, 200);
  EXPECT_EQ(fits->body, "GET " + longest + " ");
  const auto over = client.Get(longest + "a");
  ASSERT_TRUE(over);
  EXPECT_EQ(over->status, 413);
  EXPECT_EQ(over->body,
            "{\"refused\":\"the URI has 65537 bytes; the limit is 65536: send the parameters in "
            "the body of a POST\"}");
  const auto far_over = client.Get(std::string(300UL * 1024, 'a').insert(0, 1, '/'));
  ASSERT_TRUE(far_over);
  EXPECT_EQ(far_over->status, 413);
  EXPECT_EQ(far_over->body,
            "{\"refused\":\"the head of the request is too large; the limits are 65536 bytes for "
            "the URI and 32768 for the headers\"}");
}

TEST(HttpServer, TellsAboutLargeBodiesWhileTheyAreStillSent) {
  Echo echo;
  const RunningServer server(echo);
  const std::string body(8UL * 1024 * 1024, 'b');
  const std::string want = "{\"refused\":\"the body is larger than the limit of 1048576 bytes\"}";
  {
    RawConnection connection(server.port());
    connection.send("POST / HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n\r\n" + body);
    EXPECT_EQ(body_of(connection.read_all()), want);
  }
  RawConnection chunked(server.port());
  chunked.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string chunk = "100000\r\n" + std::string(0x100000, 'c') + "\r\n";
  chunked.send(chunk + chunk + "0\r\n\r\n");
  const std::string answer = chunked.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413 ")) << answer;
  EXPECT_EQ(body_of(answer), want);
}

TEST(HttpServer, TakesChunkedBodies) {
  EXPECT_EQ(body_of(answers_to(
                "POST /c HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                "3;ext=1\r\nabc\r\n2\r\nde\r\n0\r\nTrailer: x\r\n\r\n")),
            "POST /c abcde");
}

TEST(HttpServer, AsksForABodyThatIsHeldBack) {
  Echo echo;
  const RunningServer server(echo);
  RawConnection connection(server.port());
  connection.send(
      "POST /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(connection.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  connection.send("abc");
  EXPECT_EQ(body_of(connection.read_all()), "POST /e abc");

  RawConnection refused(server.port());
  refused.send("POST /e HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n");
  refused.end();
  EXPECT_TRUE(refused.read_all().starts_with("HTTP/1.1 413 "));
}

TEST(HttpServer, RefusesWhatTwoReadersCouldUnderstandDifferently) {
  Echo echo;
  const RunningServer server(echo);
  const char* const kCases[] = {
      "garbage\r\n\r\n",
      "GET / HTTP/1.1\r\nno colon\r\n\r\n",
      "GET  / HTTP/1.1\r\n\r\n",
      "GET / HTTP/2.0\r\n\r\n",
      "GET /\x01 HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n",
      "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
  };
  for (const char* request : kCases) {
    RawConnection connection(server.port());
    connection.send(request);
    connection.end();
    const std::string answer = connection.read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 Bad Request\r\n")) << request << answer;
    EXPECT_TRUE(body_of(answer).starts_with("{\"refused\":\"malformed HTTP request: ")) << answer;
  }
}

TEST(HttpServer, TreatsTwoHostsAsNone) {
  EXPECT_NE(answers_to("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n")
                .find("X-Host: none\r\n"),
            std::string::npos);
}

TEST(HttpServer, ClosesOnClientsThatStall) {
  Echo echo;
  HttpOptions options;
  options.limits.head_timeout = 50ms;
  options.limits.body_timeout = 50ms;
  const RunningServer server(echo, options);
  for (const char* begin : {"", "GET / HT", "GET / HTTP/1.1\r\nA: b\r\n",
                            "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc"}) {
    RawConnection connection(server.port());
    connection.send(begin);
    EXPECT_EQ(connection.read_all(), "") << begin;
  }
}

/// So many, each of which has sent what `text` says of it.
template <class Text>
std::vector<std::unique_ptr<RawConnection>> connections(const RunningServer& server,
                                                        std::size_t count, const Text& text) {
  std::vector<std::unique_ptr<RawConnection>> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.push_back(std::make_unique<RawConnection>(server.port()));
    all.back()->send(text(i));
  }
  return all;
}

TEST(HttpServer, SpendsNoThreadOnSlowClients) {
  Echo echo;
  HttpOptions options;
  options.threads = 1;
  const RunningServer server(echo, options);
  const auto slow =
      connections(server, 200, [](std::size_t) { return std::string("GET / HTTP/1.1\r\n"); });
  httplib::Client client("127.0.0.1", server.port());
  const auto got = client.Get("/quick");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->body, "GET /quick ");
}

TEST(HttpServer, LetsConnectionsBeyondTheLimitWait) {
  Echo echo;
  HttpOptions options;
  options.limits.max_connections = 2;
  const RunningServer server(echo, options);
  auto first = std::make_unique<RawConnection>(server.port());
  RawConnection second(server.port());
  first->send("GET /1 HTTP/1.1\r\n\r\n");
  second.send("GET /2 HTTP/1.1\r\n\r\n");
  EXPECT_TRUE(first->read_until("GET /1 ").ends_with("GET /1 "));
  EXPECT_TRUE(second.read_until("GET /2 ").ends_with("GET /2 "));
  RawConnection third(server.port());
  third.send("GET /3 HTTP/1.1\r\n\r\n");
  first.reset();
  EXPECT_TRUE(third.read_until("GET /3 ").ends_with("GET /3 "));
}

TEST(HttpServer, SurvivesAHandlerThatThrows) {
  Echo echo;
  const RunningServer server(echo);
  httplib::Client client("127.0.0.1", server.port());
  const auto thrown = client.Get("/throw");
  ASSERT_TRUE(thrown);
  EXPECT_EQ(thrown->status, 500);
  EXPECT_EQ(thrown->body, R"({"error":{"code":"internal"}})");
  const auto next = client.Get("/next");
  ASSERT_TRUE(next);
  EXPECT_EQ(next->status, 200);
}

/// Answers once it is told to.
class Waiting : public Echo {
 public:
  std::latch entered{1};
  std::latch may_answer{1};
  void answer(HttpRequest request, Respond respond) override {
    entered.count_down();
    may_answer.wait();
    respond(echo(request));
  }
};

TEST(HttpServer, AnswersWhatIsUnderWayBeforeItStops) {
  Waiting waiting;
  RunningServer server(waiting);
  RawConnection idle(server.port());
  RawConnection busy(server.port());
  busy.send("GET /slow HTTP/1.1\r\n\r\n");
  waiting.entered.wait();
  server.begin_stop();
  EXPECT_EQ(idle.read_all(), "");
  waiting.may_answer.count_down();
  EXPECT_TRUE(busy.read_all().ends_with("GET /slow "));
  server.stop();
  EXPECT_THROW(RawConnection(server.port()), std::runtime_error);
}

TEST(HttpServer, DoesNotWaitForeverWhenItStops) {
  Waiting waiting;
  HttpOptions options;
  options.limits.stop_timeout = 50ms;
  RunningServer server(waiting, options);
  RawConnection busy(server.port());
  busy.send("GET /slow HTTP/1.1\r\n\r\n");
  waiting.entered.wait();
  auto stopped = std::async(std::launch::async, [&] { server.stop(); });
  // The handler's thread is waited for, its client is not.
  EXPECT_EQ(busy.read_all(), "");
  waiting.may_answer.count_down();
  stopped.get();
}

/// Keeps what answers requests, by their targets.
class Late : public Echo {
 public:
  void answer(HttpRequest request, Respond respond) override {
    const std::lock_guard lock(mutex_);
    kept_.emplace(request.target, std::move(respond));
    came_.notify_all();
  }
  Respond take(const std::string& target) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return kept_.contains(target); });
    return std::move(kept_.extract(target).mapped());
  }

 private:
  std::mutex mutex_;  // Guards kept_.
  std::condition_variable came_;
  std::map<std::string, Respond> kept_;
};

TEST(HttpServer, AnswersLaterAndInAnyOrder) {
  Late late;
  HttpOptions options;
  options.threads = 1;
  const RunningServer server(late, options);
  const auto clients = connections(server, 100, [](std::size_t i) {
    return "GET /" + std::to_string(i) + " HTTP/1.1\r\nConnection: close\r\n\r\n";
  });
  for (std::size_t i = clients.size(); i-- > 0;) {
    const std::string number = std::to_string(i);
    const Respond respond = late.take("/" + number);
    respond({200, "text/plain", number, {}});
    respond({500, "text/plain", "twice", {}});
    EXPECT_EQ(body_of(clients[i]->read_all()), number);
  }
}

TEST(HttpServer, KeepsPipelinedRequestsWaiting) {
  Late late;
  const RunningServer server(late);
  RawConnection client(server.port());
  client.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\nConnection: close\r\n\r\n");
  late.take("/1")({200, "text/plain", "one", {}});
  late.take("/2")({200, "text/plain", "two", {}});
  const std::string answers = client.read_all();
  EXPECT_LT(answers.find("one"), answers.find("two"));
  EXPECT_TRUE(answers.ends_with("two")) << answers;
}

TEST(HttpServer, AnswersWhatAHandlerDropped) {
  Late late;
  const RunningServer server(late);
  RawConnection client(server.port());
  client.send("GET /1 HTTP/1.1\r\nConnection: close\r\n\r\n");
  late.take("/1");
  const std::string answer = client.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 ")) << answer;
  EXPECT_EQ(body_of(answer), R"({"error":{"code":"internal"}})");
}

TEST(HttpServer, HearsAnswersThatComeTooLate) {
  Late late;
  Respond kept;
  {
    HttpOptions options;
    options.limits.stop_timeout = 50ms;
    RunningServer server(late, options);
    RawConnection client(server.port());
    client.send("GET /1 HTTP/1.1\r\n\r\n");
    kept = late.take("/1");
    server.stop();
    EXPECT_EQ(client.read_all(), "");
    kept({200, "text/plain", "stopped", {}});
  }
  kept({200, "text/plain", "gone", {}});
}

/// Tells what it was given beside the body.
class Heads : public Echo {
 public:
  void answer(HttpRequest request, Respond respond) override {
    std::string text = request.peer;
    for (const auto& [name, value] : request.headers) text.append("|").append(name + "=" + value);
    respond({200, "text/plain", text + "|" + request.header("x-twice"), {}});
  }
};

TEST(HttpServer, HandsOverHeadersAndThePeer) {
  Heads heads;
  const RunningServer server(heads);
  RawConnection client(server.port());
  client.send(
      "GET / HTTP/1.1\r\nX-Twice: a\r\nHOST: h\r\nx-tWICE:  b \r\nConnection: close\r\n\r\n");
  EXPECT_EQ(body_of(client.read_all()),
            "127.0.0.1|x-twice=a|x-twice=b|host=h|connection=close|a, b");
}

TEST(HttpServer, NamesTheAddressItCannotHave) {
  Echo echo;
  const RunningServer server(echo);
  HttpOptions options;
  options.listen = ListenAddress{"127.0.0.1", server.port(), true};
  const auto second = HttpServer::listen(echo, options);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::io);
  EXPECT_EQ(second.error().message, "cannot listen on 127.0.0.1:" + std::to_string(server.port()) +
                                        ": Address already in use");
}

}  // namespace
}  // namespace trailsift::server
