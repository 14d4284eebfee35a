#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "aws/http_client.h"
#include "aws/url.h"
#include "schema/error.h"

namespace trailsift::cli {

/// Why a server did not answer.
struct ServerError {
  Error error;            ///< `at`, where there is one, is a place in the value of `parameter`.
  std::string parameter;  ///< The member of the request that is wrong; may be empty.
};

template <class T>
using Served = tl::expected<T, ServerError>;

/// What the body of an answer that is no 2xx says. `who`: the server, for messages.
ServerError read_server_error(int status, std::string_view body, const std::string& who);

/// Asks a running server over its public API. Any thread.
class ServerClient {
 public:
  /// `url`: http[s]://HOST[:PORT][/PATH]. Connects to nothing yet.
  static Result<std::unique_ptr<ServerClient>> make(std::string_view url);

  /// The server's URL, for messages.
  const std::string& url() const { return url_; }

  /// The body of the answer to GET `path`, or to POST with `json` as body.
  Served<std::string> get(std::string_view path, const aws::Parameters& parameters = {}) const;
  Served<std::string> post(std::string_view path, std::string json) const;

  /// An answer of any size: `sink` gets its bytes as they come and may end it by false, which is a
  /// `cancelled` error, as is `stop`. What was cut short is `unavailable`.
  using Sink = std::function<bool(std::string_view bytes)>;
  struct StreamCall {
    std::string path;
    aws::Parameters parameters;  ///< Of a GET; unused where `json` is there.
    std::string json;            ///< The body of a POST.
    std::vector<aws::HttpHeader> headers;
  };
  Served<void> stream(const StreamCall& call, const std::stop_token& stop, const Sink& sink) const;

 private:
  ServerClient(const aws::Origin& origin, std::unique_ptr<aws::HttpClient> http);
  aws::HttpRequest request(std::string_view path, const aws::Parameters& parameters,
                           std::string json) const;
  Served<std::string> send(const aws::HttpRequest& request) const;

  const std::string url_;
  const bool is_near_;  ///< On this machine.
  const std::unique_ptr<aws::HttpClient> http_;
};

}  // namespace trailsift::cli
