#include "cli/server_client.h"

#include <limits>
#include <utility>

#include "cli/answer_json.h"

namespace trailsift::cli {
namespace {

// What a server refuses to answer more than, and some room.
constexpr std::size_t kMaxAnswerBytes = std::size_t{300} << 20U;
// A query may wait for a thread, and then take its time.
constexpr std::chrono::minutes kMostPatience{10};
// Streams tell that they live four times as often.
constexpr std::chrono::seconds kMostSilence{60};
constexpr std::size_t kMaxMessageBytes = 4096;

ErrorCode code_named(std::string_view name) {
  constexpr auto kLast = static_cast<int>(ErrorCode::internal);
  for (int code = 0; code < kLast; ++code) {
    const auto candidate = static_cast<ErrorCode>(code);
    if (trailsift::name(candidate) == name) return candidate;
  }
  return ErrorCode::internal;
}

std::optional<Span> span_of(Members& error) {
  if (error.find("at") == nullptr) return std::nullopt;
  Members at(error.object("at"), "at");
  const Span span{at.number("begin"), at.number("end")};
  return at.result() ? std::optional(span) : std::nullopt;
}

bool is_near(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

}  // namespace

ServerError read_server_error(int status, std::string_view body, const std::string& who) {
  static const Json kNothing(rapidjson::kObjectType);
  const auto answer = parse_answer(body);
  Members error(answer ? Members(*answer, "the answer").object("error") : kNothing, "error");
  std::string message = error.text("message");
  if (message.empty()) {
    const bool passes = status == 502 || status == 503 || status == 504;
    return {{passes ? ErrorCode::unavailable : ErrorCode::io,
             who + " answered with the status " + std::to_string(status),
             {}},
            {}};
  }
  if (message.size() > kMaxMessageBytes) message.resize(kMaxMessageBytes);
  return {{code_named(error.text("code")), std::move(message), span_of(error)},
          error.text_or_none("parameter")};
}

ServerClient::ServerClient(const aws::Origin& origin, std::unique_ptr<aws::HttpClient> http)
    : url_(origin.text()), is_near_(is_near(origin.host)), http_(std::move(http)) {}

Result<std::unique_ptr<ServerClient>> ServerClient::make(std::string_view url) {
  auto origin = aws::parse_origin(url);
  if (!origin) return tl::unexpected(origin.error());
  auto http = aws::HttpClient::make();
  if (!http) return tl::unexpected(http.error());
  return std::unique_ptr<ServerClient>(new ServerClient(*origin, std::move(*http)));
}

aws::HttpRequest ServerClient::request(std::string_view path, const aws::Parameters& parameters,
                                       std::string json) const {
  aws::HttpRequest request;
  request.url = aws::make_url(url_, path, parameters);
  request.allow_http = true;
  request.no_proxy = is_near_;
  request.timeout = kMostPatience;
  request.idle_timeout = std::chrono::seconds(0);
  request.max_response_bytes = kMaxAnswerBytes;
  if (!json.empty()) {
    request.method = "POST";
    // Otherwise curl asks first whether a large body may come.
    request.headers = {{"Content-Type", "application/json"}, {"Expect", ""}};
    request.body = std::move(json);
  }
  return request;
}

Served<std::string> ServerClient::send(const aws::HttpRequest& request) const {
  auto response = http_->send(request, {});
  if (!response) return tl::unexpected(ServerError{response.error(), {}});
  if (response->ok()) return std::move(response->body);
  return tl::unexpected(read_server_error(response->status, response->body, url_));
}

Served<std::string> ServerClient::get(std::string_view path,
                                      const aws::Parameters& parameters) const {
  return send(request(path, parameters, {}));
}

Served<std::string> ServerClient::post(std::string_view path, std::string json) const {
  return send(request(path, {}, std::move(json)));
}

Served<void> ServerClient::stream(const StreamCall& call, const std::stop_token& stop,
                                  const Sink& sink) const {
  aws::HttpRequest asked = request(call.path, call.parameters, call.json);
  asked.headers.insert(asked.headers.end(), call.headers.begin(), call.headers.end());
  asked.timeout = std::chrono::milliseconds(0);
  asked.idle_timeout = kMostSilence;
  asked.max_response_bytes = std::numeric_limits<std::size_t>::max();
  asked.sink = [&sink](const aws::HttpResponse&, std::string_view bytes) { return sink(bytes); };
  const auto response = http_->send(asked, stop);
  if (!response) return tl::unexpected(ServerError{response.error(), {}});
  if (response->ok()) return {};
  return tl::unexpected(read_server_error(response->status, response->body, url_));
}

}  // namespace trailsift::cli
