#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace trailsift::server {

/// One HTTP request as everything above the HTTP library sees it.
struct HttpRequest {
  std::string method;  ///< "GET"
  std::string target;  ///< Path and query as sent, percent-encoded.
  std::optional<std::string> host;
  std::string content_type;
  /// Names in lower case; those of one name stand together.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string peer;  ///< The other end's IP address.
  std::string body;
  std::chrono::steady_clock::time_point received;  ///< When its last byte had come.
  /// Requested once the client has closed its connection, or its side of it: nobody waits for the
  /// answer any more.
  std::stop_token gone = {};

  /// The value of the header `name` (lower case): all of them with ", " between where there are
  /// several, "" where there is none.
  std::string header(std::string_view name) const;
};

/// The body of an answer that is made while it is sent, so that it may have any size.
class BodyStream {
 public:
  struct Chunk {
    std::string bytes;
    bool last = false;
  };
  /// Takes what comes next. nullopt: it cannot be made; the connection is cut, so that nobody takes
  /// what came for the whole. Any thread; only the first call counts. Does not block.
  using Give = std::function<void(std::optional<Chunk>)>;

  /// Once the body was sent, or the client is gone.
  virtual ~BodyStream() = default;

  /// Makes the next chunk, about kChunkBytes, and gives it: now, on one of the server's threads, or
  /// later. Asked again only after it gave. Where all copies of `give` are gone without a call, the
  /// connection is cut.
  virtual void next(Give give) = 0;

  /// Whether it has no end of its own; then it is cut when the server stops.
  virtual bool is_endless() const { return false; }

  static constexpr std::size_t kChunkBytes = 256UL * 1024;
};

/// The next part of a header's value, without the blanks around it; takes it and the separator
/// behind it from `list`.
std::string_view take_part(std::string_view& list, char separator);

/// With its ASCII letters in lower case.
std::string lower_case(std::string_view text);

/// Whether the body is that of an HTML form.
bool is_form(const HttpRequest& request);

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";  ///< "": none.
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<BodyStream> stream = {};  ///< Set: the body, instead of `body`.
};

/// Sends the answer to one request. Any thread, and after the handler returned as well; only the
/// first call counts. Does nothing when client or server are gone. Does not block.
using Respond = std::function<void(HttpResponse)>;

/// What is done with the body of a request whose head has come.
struct BodyTerms {
  std::optional<std::size_t> max_bytes;  ///< Unset: what the server takes by itself.
  std::optional<HttpResponse> refusal;   ///< Set: the body is not read, this is the answer.
};

/// What answers requests. Called by several threads at once; never throws.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;

  /// Asked before a body is read, on the thread that does all input and output; must not block.
  /// answer() is called without it where a request has no body.
  virtual BodyTerms body_terms(const HttpRequest& head) {
    static_cast<void>(head);
    return {};
  }

  /// Calls `respond` once, now or later. Where all copies of it are gone without a call, the answer
  /// is a 500.
  virtual void answer(HttpRequest request, Respond respond) = 0;

  /// The answer to what never became a request: malformed, larger than a limit, or too much at a
  /// time. `head` is nullptr where not even that could be read.
  virtual HttpResponse refuse(int status, std::string_view message, const HttpRequest* head) = 0;
};

}  // namespace trailsift::server
