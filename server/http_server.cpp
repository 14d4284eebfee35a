#include "server/http_server.h"

#include <algorithm>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "server/answer_box.h"
#include "server/http_session.h"

namespace trailsift::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::chrono::milliseconds kAcceptRetry{100};

class BeastServer final : public HttpServer {
 public:
  BeastServer(HttpHandler& handler, const HttpOptions& options, std::size_t threads)
      : shared_(handler, options, threads), address_(options.listen) {
    shared_.on_session_end = [this] { on_session_end(); };
    shared_.answers =
        std::make_shared<AnswerBox>([this](std::uint64_t id, AnswerBox::Answer answer) {
          asio::post(shared_.io, [this, id, answer = std::move(answer)]() mutable {
            on_answer(id, std::move(answer));
          });
        });
  }

  ~BeastServer() override { end_threads(); }

  error_code bind() {
    error_code error;
    const auto ip = asio::ip::make_address(address_.address, error);
    const tcp::endpoint endpoint(ip, address_.port);
    if (!error) acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(static_cast<int>(shared_.limits.max_connections), error);
    if (!error) address_.port = acceptor_.local_endpoint(error).port();
    return error;
  }

  const ListenAddress& address() const override { return address_; }

  void run() override {
    accept();
    shared_.io.run();
    end_threads();
  }

  void stop() override {
    asio::post(shared_.io, [this] { begin_stop(); });
  }

 private:
  void accept() {
    if (shared_.stopping) return;
    waiting_for_slot_ = shared_.sessions.size() >= shared_.limits.max_connections;
    if (waiting_for_slot_) return;
    acceptor_.async_accept([this](error_code error, tcp::socket socket) {
      if (shared_.stopping) return;
      if (error) return retry_accept();  // Out of file descriptors, most likely.
      socket.set_option(tcp::no_delay(true), error);
      std::make_shared<HttpSession>(shared_, std::move(socket))->read_head();
      accept();
    });
  }

  void retry_accept() {
    accept_timer_.expires_after(kAcceptRetry);
    accept_timer_.async_wait([this](error_code error) {
      if (!error) accept();
    });
  }

  void on_answer(std::uint64_t id, AnswerBox::Answer answer) {
    auto waiting = shared_.waiting.extract(id);
    if (!waiting) return;
    HttpSession& session = *waiting.mapped().session;
    if (auto* response = std::get_if<HttpResponse>(&answer)) {
      session.respond(std::move(*response));
    } else {
      session.on_chunk(std::move(std::get<AnswerBox::Chunk>(answer)));
    }
  }

  void begin_stop() {
    if (shared_.stopping) return;
    shared_.stopping = true;
    error_code ignored;
    acceptor_.close(ignored);
    accept_timer_.cancel();
    stop_timer_.expires_after(shared_.limits.stop_timeout);
    stop_timer_.async_wait([this](error_code error) {
      if (error) return;
      for (HttpSession* session : shared_.sessions) session->close();
      shared_.io.stop();
    });
    for (HttpSession* session : shared_.sessions) session->close_if_idle();
    on_session_end();
  }

  void on_session_end() {
    if (waiting_for_slot_) accept();
    if (!shared_.stopping || !shared_.sessions.empty()) return;
    // Nothing is left to wait for, so nothing may keep run() going.
    stop_timer_.cancel();
  }

  void end_threads() {
    shared_.answers->close();
    shared_.on_session_end = nullptr;
    shared_.pool.stop();
    shared_.pool.join();
    shared_.waiting.clear();
  }

  HttpShared shared_;
  ListenAddress address_;
  bool waiting_for_slot_ = false;
  tcp::acceptor acceptor_{shared_.io};
  asio::steady_timer accept_timer_{shared_.io};
  asio::steady_timer stop_timer_{shared_.io};
};

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::listen(HttpHandler& handler,
                                                       const HttpOptions& options) {
  const std::size_t cores = std::max<std::size_t>(2, std::thread::hardware_concurrency());
  auto server = std::make_unique<BeastServer>(handler, options,
                                              options.threads == 0 ? cores : options.threads);
  if (const error_code error = server->bind()) {
    return fail(ErrorCode::io,
                "cannot listen on " + url_of(options.listen).substr(7) + ": " + error.message());
  }
  return server;
}

}  // namespace trailsift::server
