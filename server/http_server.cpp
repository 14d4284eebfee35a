#include "server/http_server.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <unordered_set>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace trailsift::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kKeptBufferBytes = 16UL * 1024;
constexpr std::size_t kDrainBytes = 16UL * 1024;
constexpr std::size_t kMaxDrainedBytes = 16UL * 1024 * 1024;
constexpr std::chrono::seconds kDrainTimeout{2};
constexpr std::chrono::milliseconds kAcceptRetry{100};

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 64> text{};
  const std::size_t size =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

class Session;

/// What a session needs of its server. Only the thread in run() touches it, `pool` excepted.
struct Shared {
  HttpHandler& handler;
  HttpLimits limits;
  bool stopping = false;
  std::unordered_set<Session*> sessions;
  std::function<void()> on_session_end;
  // Below what sessions use, as pending operations, which own them, die with these.
  asio::io_context io{1};
  asio::thread_pool pool;

  Shared(HttpHandler& h, const HttpOptions& options, std::size_t threads)
      : handler(h), limits(options.limits), pool(threads) {}
};

/// One connection. Lives as long as an operation on it is under way; all of it happens on the
/// thread in run(), except the handler.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Shared& shared, tcp::socket socket) : shared_(shared), stream_(std::move(socket)) {
    shared_.sessions.insert(this);
  }
  ~Session() {
    shared_.sessions.erase(this);
    if (shared_.on_session_end) shared_.on_session_end();
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void read_head() {
    if (shared_.stopping) return close();
    waiting_for_head_ = true;
    if (buffer_.size() == 0 && buffer_.capacity() > kKeptBufferBytes) buffer_.shrink_to_fit();
    parser_.emplace();
    const HttpLimits& limits = shared_.limits;
    parser_->header_limit(
        static_cast<std::uint32_t>(limits.max_uri_bytes + limits.max_header_bytes));
    parser_->body_limit(limits.max_body_bytes);
    stream_.expires_after(limits.head_timeout);
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](error_code error, std::size_t) { self->on_head(error); });
  }

  /// Ends a connection on which no request is under way.
  void close_if_idle() {
    if (waiting_for_head_) close();
  }

  void close() { stream_.close(); }

 private:
  void on_head(error_code error) {
    waiting_for_head_ = false;
    if (error) return on_bad_input(error);
    const auto& head = parser_->get();
    const std::size_t uri = head.target().size();
    if (uri > shared_.limits.max_uri_bytes) {
      return refuse(413, "the URI has " + std::to_string(uri) + " bytes; the limit is " +
                             std::to_string(shared_.limits.max_uri_bytes) +
                             ": send the parameters in the body of a POST");
    }
    stream_.expires_after(shared_.limits.body_timeout);
    const auto expect = head[http::field::expect];
    if (head.version() >= 11 && beast::iequals(expect, "100-continue") && !parser_->is_done()) {
      send_continue();
    } else {
      read_body();
    }
  }

  void send_continue() {
    continue_response_.emplace(http::status::continue_, 11);
    http::async_write(stream_, *continue_response_,
                      [self = shared_from_this()](error_code error, std::size_t) {
                        if (error) return self->close();
                        self->read_body();
                      });
  }

  void read_body() {
    http::async_read(stream_, buffer_, *parser_,
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (error) return self->on_bad_input(error);
                       self->answer();
                     });
  }

  void on_bad_input(error_code error) {
    const HttpLimits& limits = shared_.limits;
    if (error == http::error::body_limit) {
      return refuse(413, "the body is larger than the limit of " +
                             std::to_string(limits.max_body_bytes) + " bytes");
    }
    if (error == http::error::header_limit) {
      return refuse(413, "the head of the request is too large; the limits are " +
                             std::to_string(limits.max_uri_bytes) + " bytes for the URI and " +
                             std::to_string(limits.max_header_bytes) + " for the headers");
    }
    const bool malformed = error.category() == make_error_code(http::error::bad_method).category();
    if (malformed && error != http::error::end_of_stream && error != http::error::partial_message) {
      return refuse(400, "malformed HTTP request: " + error.message());
    }
    close();
  }

  void answer() {
    stream_.expires_never();
    // The guard keeps run() going while only the pool works.
    asio::post(shared_.pool, [self = shared_from_this(), request = take_request(),
                              guard = asio::make_work_guard(shared_.io)]() mutable {
      HttpResponse response = self->call_handler(request);
      asio::post(self->shared_.io, [self, response = std::move(response)]() mutable {
        self->respond(std::move(response));
      });
      // The session must die on the other thread.
      asio::post(guard.get_executor(), [self = std::move(self)] {});
    });
  }

  HttpRequest take_request() {
    auto message = parser_->release();
    version_ = message.version();
    keep_alive_ = message.keep_alive();
    HttpRequest request;
    request.method = std::string(message.method_string());
    head_only_ = request.method == "HEAD";
    request.target = std::string(message.target());
    request.content_type = std::string(message[http::field::content_type]);
    // Two Host headers are an attempt to be understood differently by two readers.
    if (message.count(http::field::host) == 1) {
      request.host = std::string(message[http::field::host]);
    }
    request.body = std::move(message.body());
    request.received = std::chrono::steady_clock::now();
    return request;
  }

  HttpResponse call_handler(const HttpRequest& request) {
    try {
      return shared_.handler.answer(request);
    } catch (const std::exception&) {
      return HttpResponse{500, "application/json", R"({"error":{"code":"internal"}})", {}};
    }
  }

  void refuse(int status, const std::string& message) {
    version_ = 11;
    keep_alive_ = false;
    head_only_ = false;
    unread_input_ = true;
    respond(shared_.handler.refuse(status, message));
  }

  void respond(HttpResponse answer) {
    keep_alive_ = keep_alive_ && !shared_.stopping;
    response_.emplace();
    response_->version(version_);
    response_->result(static_cast<unsigned>(answer.status));
    response_->set(http::field::date, http_date());
    response_->set(http::field::content_type, answer.content_type);
    for (const auto& [name, value] : answer.headers) response_->set(name, value);
    response_->keep_alive(keep_alive_);
    response_->content_length(answer.body.size());
    if (!head_only_) response_->body() = std::move(answer.body);
    serializer_.emplace(*response_);
    write_some();
  }

  // In steps, as each has its own deadline: a large answer may take long, a stalled one may not.
  void write_some() {
    stream_.expires_after(shared_.limits.write_timeout);
    http::async_write_some(stream_, *serializer_,
                           [self = shared_from_this()](error_code error, std::size_t) {
                             if (error) return self->close();
                             if (!self->serializer_->is_done()) return self->write_some();
                             self->on_written();
                           });
  }

  void on_written() {
    serializer_.reset();
    response_.reset();
    if (keep_alive_) return read_head();
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    if (!unread_input_) return close();
    // A close would now reset the connection, and the client lose the answer.
    stream_.expires_after(kDrainTimeout);
    drained_.resize(kDrainBytes);
    drain();
  }

  void drain() {
    stream_.async_read_some(asio::buffer(drained_),
                            [self = shared_from_this()](error_code error, std::size_t size) {
                              self->drained_bytes_ += size;
                              if (error || self->drained_bytes_ > kMaxDrainedBytes)
                                return self->close();
                              self->drain();
                            });
  }

  Shared& shared_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  bool waiting_for_head_ = false;
  unsigned version_ = 11;
  bool keep_alive_ = false;
  bool head_only_ = false;
  bool unread_input_ = false;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::optional<http::response<http::empty_body>> continue_response_;
  std::optional<http::response<http::string_body>> response_;
  std::optional<http::response_serializer<http::string_body>> serializer_;
  std::string drained_;
  std::size_t drained_bytes_ = 0;
};

class BeastServer final : public HttpServer {
 public:
  BeastServer(HttpHandler& handler, const HttpOptions& options, std::size_t threads)
      : shared_(handler, options, threads), address_(options.listen) {
    shared_.on_session_end = [this] { on_session_end(); };
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
      std::make_shared<Session>(shared_, std::move(socket))->read_head();
      accept();
    });
  }

  void retry_accept() {
    accept_timer_.expires_after(kAcceptRetry);
    accept_timer_.async_wait([this](error_code error) {
      if (!error) accept();
    });
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
      for (Session* session : shared_.sessions) session->close();
      shared_.io.stop();
    });
    for (Session* session : shared_.sessions) session->close_if_idle();
    on_session_end();
  }

  void on_session_end() {
    if (waiting_for_slot_) accept();
    if (!shared_.stopping || !shared_.sessions.empty()) return;
    // Nothing is left to wait for, so nothing may keep run() going.
    stop_timer_.cancel();
  }

  void end_threads() {
    shared_.on_session_end = nullptr;
    shared_.pool.stop();
    shared_.pool.join();
  }

  Shared shared_;
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
