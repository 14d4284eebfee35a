#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "server/answer_box.h"
#include "server/body_budget.h"
#include "server/http_server.h"

namespace trailsift::server {

class HttpSession;

/// A request that the handler has, and its connection. Nothing is under way on that, so this keeps
/// both it and run() alive.
struct WaitingRequest {
  std::shared_ptr<HttpSession> session;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard;
};

/// What sessions need of their server. Only the thread in run() touches it, `pool`, `budget` and
/// `answers` excepted.
struct HttpShared {
  HttpHandler& handler;
  HttpLimits limits;
  bool stopping = false;
  std::unordered_set<HttpSession*> sessions;
  std::function<void()> on_session_end;
  std::uint64_t requests = 0;
  std::unordered_map<std::uint64_t, WaitingRequest> waiting;
  std::shared_ptr<BodyBudget> budget;
  std::shared_ptr<AnswerBox> answers;
  // Below what sessions use, as pending operations, which own them, die with these.
  boost::asio::io_context io{1};
  boost::asio::thread_pool pool;

  HttpShared(HttpHandler& h, const HttpOptions& options, std::size_t threads)
      : handler(h),
        limits(options.limits),
        budget(std::make_shared<BodyBudget>(options.limits.max_receiving_bytes)),
        pool(threads) {}
};

/// The time, as the header Date has it.
std::string http_date();

/// One connection. Lives as long as an operation on it is under way, or its request waits; all of
/// it happens on the thread in run(), except the handler.
class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  HttpSession(HttpShared& shared, boost::asio::ip::tcp::socket socket);
  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  /// Begins with the next request.
  void read_head();
  void respond(HttpResponse answer);
  /// The next part of a streamed answer has been made.
  void on_chunk(std::optional<BodyStream::Chunk> chunk);
  /// Ends a connection on which no request is under way.
  void close_if_idle();
  void close();

 private:
  using error_code = boost::system::error_code;
  using RequestParser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;

  void on_head(error_code error);
  void take_head();
  bool check_length();
  bool take_share(std::size_t bytes);
  void send_continue();
  void read_body();
  void on_body_bytes();
  void on_bad_input(error_code error);
  void answer();
  void watch_peer();
  void end_watch();
  void refuse_large_body();
  void refuse(int status, const std::string& message);
  void respond_unread(HttpResponse answer);
  void write_some();
  void on_written();
  void drain();

  // A streamed answer (http_stream.cpp): while one chunk is sent, the next is made.
  void begin_stream(const HttpResponse& answer);
  void ask_for_chunk();
  void send_chunk();
  void on_chunk_sent(error_code error);

  HttpShared& shared_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  bool waiting_for_head_ = false;
  std::string peer_;
  std::optional<RequestParser> parser_;
  std::optional<HttpRequest> request_;
  std::stop_source gone_;  // Of the request that is being answered.
  bool watching_ = false;
  BodyShare share_;
  std::size_t body_limit_ = 0;
  std::size_t next_step_ = 0;  // How large the body is when its next deadline begins.
  unsigned version_ = 11;
  bool keep_alive_ = false;
  bool head_only_ = false;
  bool unread_input_ = false;
  std::optional<boost::beast::http::response<boost::beast::http::empty_body>> continue_response_;
  std::optional<Response> response_;
  std::optional<boost::beast::http::response_serializer<boost::beast::http::string_body>>
      serializer_;
  struct Streamed {
    std::shared_ptr<BodyStream> body;
    boost::beast::http::response<boost::beast::http::empty_body> head;
    std::optional<boost::beast::http::response_serializer<boost::beast::http::empty_body>>
        serializer;
    std::optional<BodyStream::Chunk> made;  // Waits for its turn.
    BodyStream::Chunk sent;
    bool writing = true;
    bool chunked = true;
  };
  std::shared_ptr<Streamed> streamed_;  // Shared with the writes that are under way.
  std::string drained_;
  std::size_t drained_bytes_ = 0;
};

}  // namespace trailsift::server
