#include <exception>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>

#include "server/http_session.h"

namespace trailsift::server {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::size_t kDeadlineBytes = 64UL * 1024;  // That HttpLimits::write_timeout is for.

}  // namespace

// The watch for the client's end goes on: it may be long until the next chunk has to be sent.
void HttpSession::begin_stream(const HttpResponse& answer) {
  streamed_ = std::make_shared<Streamed>();
  Streamed& stream = *streamed_;
  stream.body = answer.stream;
  stream.chunked = version_ >= 11;
  keep_alive_ = keep_alive_ && stream.chunked && !shared_.stopping;
  stream.head.version(version_);
  stream.head.result(static_cast<unsigned>(answer.status));
  stream.head.set(http::field::date, http_date());
  stream.head.set(http::field::content_type, answer.content_type);
  for (const auto& [name, value] : answer.headers) stream.head.set(name, value);
  stream.head.keep_alive(keep_alive_);
  stream.head.chunked(stream.chunked);
  stream.serializer.emplace(stream.head);
  ask_for_chunk();
  stream_.expires_after(shared_.limits.write_timeout);
  http::async_write_header(stream_, *stream.serializer,
                           [self = shared_from_this(), kept = streamed_](
                               error_code error, std::size_t) { self->on_chunk_sent(error); });
}

void HttpSession::ask_for_chunk() {
  const std::uint64_t id = ++shared_.requests;
  shared_.waiting.emplace(id,
                          WaitingRequest{shared_from_this(), asio::make_work_guard(shared_.io)});
  asio::post(shared_.pool, [body = streamed_->body, give = shared_.answers->taker(id)]() mutable {
    try {
      body->next(std::move(give));
    } catch (const std::exception&) {  // The box tells that there is no chunk.
    }
  });
}

void HttpSession::on_chunk(std::optional<BodyStream::Chunk> chunk) {
  if (!streamed_) return;  // The client is gone.
  if (!chunk) return close();
  if (shared_.stopping && streamed_->body->is_endless()) return close();
  streamed_->made = std::move(*chunk);
  if (!streamed_->writing) send_chunk();
}

void HttpSession::send_chunk() {
  Streamed& stream = *streamed_;
  stream.sent = std::move(*stream.made);
  stream.made.reset();
  stream.writing = true;
  if (!stream.sent.last) ask_for_chunk();
  const auto on_sent = [self = shared_from_this(), kept = streamed_](
                           error_code error, std::size_t) { self->on_chunk_sent(error); };
  const asio::const_buffer bytes = asio::buffer(stream.sent.bytes);
  const auto steps = static_cast<int>(1 + bytes.size() / kDeadlineBytes);
  stream_.expires_after(shared_.limits.write_timeout * steps);
  if (bytes.size() == 0) {  // An empty chunk would be the end.
    asio::post(stream_.get_executor(), [on_sent] { on_sent({}, 0); });
  } else if (stream.chunked) {
    asio::async_write(stream_, http::make_chunk(bytes), on_sent);
  } else {
    asio::async_write(stream_, bytes, on_sent);
  }
}

void HttpSession::on_chunk_sent(error_code error) {
  if (!streamed_) return;
  if (error) return close();
  Streamed& stream = *streamed_;
  stream.writing = false;
  if (stream.made) return send_chunk();
  if (!stream.sent.last) return stream_.expires_never();
  stream.writing = true;
  const auto on_end = [self = shared_from_this()](error_code failed, std::size_t) {
    if (failed || !self->streamed_) return self->close();
    self->end_watch();
    self->streamed_.reset();
    self->on_written();
  };
  if (!stream.chunked) return on_end({}, 0);
  asio::async_write(stream_, http::make_chunk_last(), on_end);
}

}  // namespace trailsift::server
