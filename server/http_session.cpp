#include "server/http_session.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <exception>
#include <limits>

#include <boost/asio/post.hpp>

namespace trailsift::server {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr std::size_t kBodyStepBytes = 1024UL * 1024;
constexpr std::size_t kKeptBufferBytes = 16UL * 1024;
constexpr std::size_t kDrainBytes = 16UL * 1024;
constexpr std::size_t kMaxDrainedBytes = 16UL * 1024 * 1024;
constexpr std::chrono::seconds kDrainTimeout{2};

}  // namespace

std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 64> text{};
  const std::size_t size =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

HttpSession::HttpSession(HttpShared& shared, tcp::socket socket)
    : shared_(shared), stream_(std::move(socket)) {
  shared_.sessions.insert(this);
  error_code ignored;
  peer_ = stream_.socket().remote_endpoint(ignored).address().to_string();
}

HttpSession::~HttpSession() {
  shared_.sessions.erase(this);
  if (shared_.on_session_end) shared_.on_session_end();
}

void HttpSession::read_head() {
  if (shared_.stopping) return close();
  waiting_for_head_ = true;
  if (buffer_.size() == 0 && buffer_.capacity() > kKeptBufferBytes) buffer_.shrink_to_fit();
  parser_.emplace();
  const HttpLimits& limits = shared_.limits;
  parser_->header_limit(static_cast<std::uint32_t>(limits.max_uri_bytes + limits.max_header_bytes));
  parser_->body_limit(std::numeric_limits<std::uint64_t>::max());  // Until the handler is asked.
  request_.reset();
  share_ = BodyShare(shared_.budget);
  body_limit_ = limits.max_body_bytes;
  stream_.expires_after(limits.head_timeout);
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->on_head(error); });
}

void HttpSession::close_if_idle() {
  if (waiting_for_head_ || (streamed_ && streamed_->body->is_endless())) close();
}

void HttpSession::close() {
  gone_.request_stop();
  stream_.close();
  if (streamed_) streamed_->body.reset();
  streamed_.reset();
}

void HttpSession::respond(HttpResponse answer) {
  if (answer.stream && !head_only_) return begin_stream(answer);
  end_watch();
  keep_alive_ = keep_alive_ && !shared_.stopping;
  response_.emplace();
  response_->version(version_);
  response_->result(static_cast<unsigned>(answer.status));
  response_->set(http::field::date, http_date());
  if (!answer.content_type.empty()) {
    response_->set(http::field::content_type, answer.content_type);
  }
  for (const auto& [name, value] : answer.headers) response_->set(name, value);
  response_->keep_alive(keep_alive_);
  // A 304 has no body, and no length either: that of the body that the client has is meant by it.
  if (!answer.stream && answer.status != 304) response_->content_length(answer.body.size());
  if (!head_only_) response_->body() = std::move(answer.body);
  serializer_.emplace(*response_);
  write_some();
}

void HttpSession::on_head(error_code error) {
  waiting_for_head_ = false;
  if (error) return on_bad_input(error);
  const auto& head = parser_->get();
  const std::size_t uri = head.target().size();
  if (uri > shared_.limits.max_uri_bytes) {
    return refuse(413, "the URI has " + std::to_string(uri) + " bytes; the limit is " +
                           std::to_string(shared_.limits.max_uri_bytes) +
                           ": send the parameters in the body of a POST");
  }
  take_head();
  if (parser_->is_done()) return answer();
  const BodyTerms terms = shared_.handler.body_terms(*request_);
  if (terms.refusal) return respond_unread(*terms.refusal);
  body_limit_ = terms.max_bytes.value_or(body_limit_);
  if (!check_length()) return;
  parser_->body_limit(body_limit_);
  parser_->eager(true);
  next_step_ = kBodyStepBytes;
  stream_.expires_after(shared_.limits.body_timeout);
  if (head.version() >= 11 && beast::iequals(head[http::field::expect], "100-continue")) {
    send_continue();
  } else {
    read_body();
  }
}

/// Whether a body of the length that the head tells may be read; refuses it otherwise.
bool HttpSession::check_length() {
  const std::uint64_t length = parser_->content_length().value_or(0);
  if (length > body_limit_) {
    refuse_large_body();
    return false;
  }
  return take_share(static_cast<std::size_t>(length));
}

bool HttpSession::take_share(std::size_t bytes) {
  if (bytes <= shared_.limits.uncounted_body_bytes || share_.grow_to(bytes)) return true;
  refuse(503, "the server is busy: the bodies that it receives have " +
                  std::to_string(shared_.limits.max_receiving_bytes) + " bytes already");
  return false;
}

void HttpSession::refuse_large_body() {
  refuse(413, "the body is larger than the limit of " + std::to_string(body_limit_) + " bytes");
}

void HttpSession::send_continue() {
  continue_response_.emplace(http::status::continue_, 11);
  http::async_write(stream_, *continue_response_,
                    [self = shared_from_this()](error_code error, std::size_t) {
                      if (error) return self->close();
                      self->read_body();
                    });
}

void HttpSession::read_body() {
  if (parser_->is_done()) return answer();
  http::async_read_some(stream_, buffer_, *parser_,
                        [self = shared_from_this()](error_code error, std::size_t) {
                          if (error) return self->on_bad_input(error);
                          self->on_body_bytes();
                        });
}

void HttpSession::on_body_bytes() {
  const auto& body = parser_->get().body();
  if (!take_share(body.capacity())) return;
  if (body.size() >= next_step_) {
    next_step_ = body.size() + kBodyStepBytes;
    stream_.expires_after(shared_.limits.body_timeout);
  }
  read_body();
}

void HttpSession::on_bad_input(error_code error) {
  const HttpLimits& limits = shared_.limits;
  if (error == http::error::body_limit) return refuse_large_body();
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

void HttpSession::answer() {
  stream_.expires_never();
  request_->body = std::move(parser_->get().body());
  request_->received = std::chrono::steady_clock::now();
  gone_ = std::stop_source();
  request_->gone = gone_.get_token();
  watch_peer();
  const std::uint64_t id = ++shared_.requests;
  shared_.waiting.emplace(id,
                          WaitingRequest{shared_from_this(), asio::make_work_guard(shared_.io)});
  asio::post(shared_.pool,
             [&handler = shared_.handler, request = std::move(*request_), share = std::move(share_),
              respond = shared_.answers->responder(id)]() mutable {
               try {
                 handler.answer(std::move(request), std::move(respond));
               } catch (const std::exception&) {  // Nobody can answer any more, so the box does.
               }
             });
}

/// Waits for the end of the client's side. The next request, should one come meanwhile, ends the
/// watch: behind its bytes nothing can be seen.
void HttpSession::watch_peer() {
  watching_ = true;
  stream_.socket().async_wait(tcp::socket::wait_read,
                              [self = shared_from_this(), gone = gone_](error_code error) mutable {
                                if (error) return;
                                self->watching_ = false;
                                error_code closed;
                                if (self->stream_.socket().available(closed) != 0) return;
                                gone.request_stop();
                                if (self->streamed_) self->close();
                              });
}

void HttpSession::end_watch() {
  error_code ignored;
  if (watching_) stream_.socket().cancel(ignored);
  watching_ = false;
}

void HttpSession::take_head() {
  const auto& head = parser_->get();
  version_ = head.version();
  keep_alive_ = head.keep_alive();
  HttpRequest& request = request_.emplace();
  request.method = std::string(head.method_string());
  head_only_ = request.method == "HEAD";
  request.target = std::string(head.target());
  request.content_type = std::string(head[http::field::content_type]);
  // Two Host headers are an attempt to be understood differently by two readers.
  if (head.count(http::field::host) == 1) request.host = std::string(head[http::field::host]);
  for (const auto& field : head) {
    const auto name = field.name_string();
    request.headers.emplace_back(lower_case({name.data(), name.size()}),
                                 std::string(field.value()));
  }
  request.peer = peer_;
  request.received = std::chrono::steady_clock::now();
}

void HttpSession::refuse(int status, const std::string& message) {
  if (!request_) version_ = 11;
  respond_unread(shared_.handler.refuse(status, message, request_ ? &*request_ : nullptr));
}

void HttpSession::respond_unread(HttpResponse answer) {
  keep_alive_ = false;
  head_only_ = false;
  unread_input_ = true;
  respond(std::move(answer));
}

// In steps, as each has its own deadline: a large answer may take long, a stalled one may not.
void HttpSession::write_some() {
  stream_.expires_after(shared_.limits.write_timeout);
  http::async_write_some(stream_, *serializer_,
                         [self = shared_from_this()](error_code error, std::size_t) {
                           if (error) return self->close();
                           if (!self->serializer_->is_done()) return self->write_some();
                           self->on_written();
                         });
}

void HttpSession::on_written() {
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

void HttpSession::drain() {
  stream_.async_read_some(asio::buffer(drained_),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            self->drained_bytes_ += size;
                            if (error || self->drained_bytes_ > kMaxDrainedBytes)
                              return self->close();
                            self->drain();
                          });
}

}  // namespace trailsift::server
