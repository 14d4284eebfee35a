// Answers that are made while they are sent, and clients that go away, over real connections.

#include <condition_variable>
#include <future>
#include <latch>
#include <mutex>
#include <stop_token>

#include <gtest/gtest.h>
#include <httplib.h>

#include "tests/server/raw_connection.h"
#include "tests/server/running_server.h"

namespace trailsift::server {
namespace {

using namespace std::chrono_literals;

/// A body of `chunks` times `text`.
class Repeated : public BodyStream {
 public:
  Repeated(std::string text, int chunks) : text_(std::move(text)), left_(chunks) {}
  void next(Give give) override {
    ++made;
    give(Chunk{text_, --left_ == 0});
  }
  std::atomic<int> made = 0;

 private:
  const std::string text_;
  int left_;
};

/// Answers every request with the stream that `make` makes.
class Streams : public HttpHandler {
 public:
  using Make = std::function<std::shared_ptr<BodyStream>(const HttpRequest&)>;
  explicit Streams(Make make) : make_(std::move(make)) {}
  void answer(HttpRequest request, Respond respond) override {
    HttpResponse response{200, "text/plain", {}, {{"X-Kind", "stream"}}};
    response.stream = make_(request);
    respond(std::move(response));
  }
  HttpResponse refuse(int status, std::string_view, const HttpRequest*) override {
    return {status, "text/plain", {}, {}};
  }

 private:
  const Make make_;
};

TEST(HttpStream, ReachesAnIndependentClientWhole) {
  Streams handler([](const HttpRequest& request) {
    const bool large = request.target == "/large";
    return std::make_shared<Repeated>(std::string(large ? 300'000 : 3, 'x'), large ? 50 : 2);
  });
  const RunningServer server(handler);
  httplib::Client client("127.0.0.1", server.port());
  client.set_keep_alive(true);
  for (const auto& [target, size] : {std::pair{"/large", 15'000'000UL}, std::pair{"/small", 6UL}}) {
    const auto answer = client.Get(target);
    ASSERT_TRUE(answer) << target;
    EXPECT_EQ(answer->body, std::string(size, 'x')) << target;
    EXPECT_EQ(answer->get_header_value("Transfer-Encoding"), "chunked");
    EXPECT_EQ(answer->get_header_value("X-Kind"), "stream");
  }
}

TEST(HttpStream, IsChunkedAndKeepsTheConnection) {
  Streams handler([](const HttpRequest&) { return std::make_shared<Repeated>("abc", 2); });
  const RunningServer server(handler);
  RawConnection client(server.port());
  client.send("GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\nConnection: close\r\n\r\n");
  const std::string answers = client.read_all();
  const std::string body = "\r\n\r\n3\r\nabc\r\n3\r\nabc\r\n0\r\n\r\n";
  const std::size_t first = answers.find(body);
  ASSERT_NE(first, std::string::npos) << answers;
  EXPECT_NE(answers.find(body, first + 1), std::string::npos) << answers;
}

TEST(HttpStream, EndsWithTheConnectionInHttp10AndIsLeftOutOfHead) {
  Streams handler([](const HttpRequest&) { return std::make_shared<Repeated>("abc", 2); });
  const RunningServer server(handler);
  RawConnection old(server.port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.read_all().ends_with("\r\n\r\nabcabc"));
  RawConnection head(server.port());
  head.send("HEAD / HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(head.read_all().ends_with("\r\n\r\n"));
}

/// Fails at its second chunk: by saying so, by a throw, or by forgetting.
class Failing : public BodyStream {
 public:
  explicit Failing(std::string how) : how_(std::move(how)) {}
  void next(Give give) override {
    if (!std::exchange(begun_, true)) return give(Chunk{"abc", false});
    if (how_ == "/says") return give(std::nullopt);
    if (how_ == "/throws") throw std::runtime_error("a bug");
  }

 private:
  const std::string how_;
  bool begun_ = false;
};

TEST(HttpStream, IsCutWhereItCannotGoOn) {
  Streams handler(
      [](const HttpRequest& request) { return std::make_shared<Failing>(request.target); });
  const RunningServer server(handler);
  for (const std::string how : {"/says", "/throws", "/forgets"}) {
    RawConnection client(server.port());
    client.send("GET " + how + " HTTP/1.1\r\n\r\n");
    const std::string answer = client.read_all();
    EXPECT_TRUE(answer.ends_with("3\r\nabc\r\n")) << answer;  // No last chunk.
  }
}

/// Tells when it goes.
class Observed : public Repeated {
 public:
  explicit Observed(std::promise<int>& gone)
      : Repeated(std::string(256 * 1024, 'x'), 1 << 30), gone_(gone) {}
  ~Observed() override { gone_.set_value(made); }

 private:
  std::promise<int>& gone_;
};

TEST(HttpStream, StopsWhenItsClientGoesAndMakesNoMoreThanIsTaken) {
  std::promise<int> gone;
  Streams handler([&](const HttpRequest&) { return std::make_shared<Observed>(gone); });
  const RunningServer server(handler);
  {
    RawConnection client(server.port());
    client.send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_NE(client.read_until("xxx"), "");
  }
  // What the sockets hold, and two chunks: far below what would be made without back-pressure.
  EXPECT_LT(gone.get_future().get(), 200);
}

/// Gives nothing until it is let go.
class Silent : public BodyStream {
 public:
  Silent(std::promise<Give>& asked, std::promise<void>& gone) : asked_(asked), gone_(gone) {}
  ~Silent() override { gone_.set_value(); }
  void next(Give give) override { asked_.set_value(std::move(give)); }
  bool is_endless() const override { return true; }

 private:
  std::promise<Give>& asked_;
  std::promise<void>& gone_;
};

TEST(HttpStream, NoticesTheEndOfAClientThatIsSentNothing) {
  std::promise<BodyStream::Give> asked;
  std::promise<void> gone;
  Streams handler([&](const HttpRequest&) { return std::make_shared<Silent>(asked, gone); });
  const RunningServer server(handler);
  BodyStream::Give kept;
  {
    RawConnection client(server.port());
    client.send("GET / HTTP/1.1\r\n\r\n");
    EXPECT_NE(client.read_until("\r\n\r\n"), "");
    kept = asked.get_future().get();
  }
  gone.get_future().get();
  kept(BodyStream::Chunk{"too late", false});
}

TEST(HttpStream, ThatHasNoEndIsCutWhenTheServerStops) {
  std::promise<BodyStream::Give> asked;
  std::promise<void> gone;
  Streams handler([&](const HttpRequest&) { return std::make_shared<Silent>(asked, gone); });
  RunningServer server(handler);
  RawConnection client(server.port());
  client.send("GET / HTTP/1.1\r\n\r\n");
  const BodyStream::Give kept = asked.get_future().get();
  server.begin_stop();
  EXPECT_FALSE(client.read_all().ends_with("0\r\n\r\n"));
  gone.get_future().get();
}

/// Waits until the client of its request is gone.
class Waiting : public HttpHandler {
 public:
  void answer(HttpRequest request, Respond respond) override {
    const std::stop_callback on_gone(request.gone, [this] { gone.set_value(); });
    entered.count_down();
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait(lock, request.gone, [] { return false; });
    respond({200, "text/plain", "nobody reads this", {}});
  }
  HttpResponse refuse(int status, std::string_view, const HttpRequest*) override {
    return {status, "text/plain", {}, {}};
  }
  std::latch entered{1};
  std::promise<void> gone;
};

TEST(HttpSession, TellsHandlersThatTheirClientIsGone) {
  Waiting handler;
  const RunningServer server(handler);
  {
    RawConnection client(server.port());
    client.send("GET / HTTP/1.1\r\n\r\n");
    handler.entered.wait();
  }
  handler.gone.get_future().get();
}

}  // namespace
}  // namespace trailsift::server
