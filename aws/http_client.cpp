#include "aws/http_client.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <mutex>
#include <utility>

#include <curl/curl.h>

#include "aws/address.h"

namespace trailsift::aws {
namespace {

struct EasyCleanup {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiCleanup {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ListCleanup {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct UrlCleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using HeaderList = std::unique_ptr<curl_slist, ListCleanup>;

/// One connection, or a few to different hosts. A multi handle of its own is what a stop can wake.
struct Connection {
  std::unique_ptr<CURLM, MultiCleanup> multi{curl_multi_init()};
  std::unique_ptr<CURL, EasyCleanup> easy{curl_easy_init()};
};

enum class Abort : std::uint8_t { none, too_large, headers_too_large, sink, address };

/// One request under way; the callbacks get it.
struct Transfer {
  const HttpRequest& request;
  HttpResponse response;
  std::size_t received = 0;
  std::size_t header_bytes = 0;
  Abort abort = Abort::none;
  std::array<char, CURL_ERROR_SIZE> message{};
};

std::size_t content_length(const HttpResponse& response) {
  const std::string_view text = response.header("content-length");
  std::size_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0)
    text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0)
    text.remove_suffix(1);
  return text;
}

std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line(bytes, size);
  transfer.header_bytes += size;
  if (transfer.header_bytes > kMaxHeaderBytes) {
    transfer.abort = Abort::headers_too_large;
    return 0;
  }
  if (line.starts_with("HTTP/")) {  // An interim response may have come before.
    transfer.response.headers.clear();
    transfer.response.status = 0;
    const std::size_t space = std::min(line.find(' '), line.size());
    const std::string_view status = trim(line.substr(space));
    std::from_chars(status.data(), status.data() + status.size(), transfer.response.status);
    return size;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string name(trim(line.substr(0, colon)));
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  transfer.response.headers.push_back({std::move(name), std::string(trim(line.substr(colon + 1)))});
  return size;
}

std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  HttpResponse& response = transfer.response;
  const std::size_t limit = response.ok() ? transfer.request.max_response_bytes : kMaxErrorBytes;
  const bool first = transfer.received == 0;
  transfer.received += size;
  if (transfer.received > limit || (first && content_length(response) > limit)) {
    transfer.abort = Abort::too_large;
    return 0;
  }
  if (transfer.request.sink && response.ok()) {
    if (transfer.request.sink(response, {bytes, size})) return size;
    transfer.abort = Abort::sink;
    return 0;
  }
  if (first) response.body.reserve(content_length(response));
  response.body.append(bytes, size);
  return size;
}

curl_socket_t on_open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  if (!is_public_address(address->addr)) {
    static_cast<Transfer*>(user)->abort = Abort::address;
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/// Scheme and host of an absolute URL, as curl will understand it.
struct Target {
  std::string scheme;
  std::string host;
};

Result<Target> parse_target(const std::string& text) {
  const std::unique_ptr<CURLU, UrlCleanup> url(curl_url());
  Target target;
  char* part = nullptr;
  const auto take = [&](CURLUPart which, std::string& into) {
    if (curl_url_get(url.get(), which, &part, 0) != CURLUE_OK) return false;
    into = part;
    curl_free(part);
    return true;
  };
  if (!url ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK ||
      !take(CURLUPART_SCHEME, target.scheme) || !take(CURLUPART_HOST, target.host))
    return fail(ErrorCode::bad_request, "expected an absolute URL without a user name");
  return target;
}

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(
      text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

Result<HeaderList> make_headers(const HttpRequest& request) {
  curl_slist* list = nullptr;
  HeaderList owner;
  for (const HttpHeader& header : request.headers) {
    if (has_control_characters(header.value))
      return fail(ErrorCode::bad_request,
                  "expected no control characters in the header " + header.name);
    const std::string line = header.name + ": " + header.value;
    list = curl_slist_append(list, line.c_str());
    static_cast<void>(owner.release());
    owner.reset(list);
  }
  return owner;
}

void set_method(CURL* easy, const HttpRequest& request) {
  if (request.method == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else if (request.method != "GET") {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
  }
}

void set_limits(CURL* easy, const HttpRequest& request) {
  const auto idle = std::chrono::ceil<std::chrono::seconds>(request.idle_timeout);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(request.connect_timeout.count()));
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, idle.count() > 0 ? 1L : 0L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(idle.count()));
}

void set_callbacks(CURL* easy, Transfer& transfer) {
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.message.data());
}

void set_signature(CURL* easy, const RequestSignature& signature) {
  const std::string scope = "aws:amz:" + signature.region + ":" + signature.service;
  curl_easy_setopt(easy, CURLOPT_AWS_SIGV4, scope.c_str());
  curl_easy_setopt(easy, CURLOPT_USERNAME, signature.access_key_id.c_str());
  curl_easy_setopt(easy, CURLOPT_PASSWORD, signature.secret_access_key.c_str());
}

/// curl's words for a failure, beginning in lower case.
std::string reason(const Transfer& transfer, CURLcode code) {
  std::string text =
      transfer.message[0] == '\0' ? curl_easy_strerror(code) : transfer.message.data();
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0)
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

ErrorCode code_of(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT: return ErrorCode::bad_request;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ENGINE_INITFAILED: return ErrorCode::io;
    case CURLE_OUT_OF_MEMORY:
    case CURLE_FAILED_INIT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
    case CURLE_UNKNOWN_OPTION: return ErrorCode::internal;
    default: return ErrorCode::unavailable;  // The connection, or what came over it.
  }
}

tl::unexpected<Error> failure(const Transfer& transfer, CURLcode code, const std::string& host) {
  switch (transfer.abort) {
    case Abort::too_large:
      return fail(ErrorCode::too_large,
                  "the answer of " + host + " is larger than the " +
                      std::to_string(transfer.response.ok() ? transfer.request.max_response_bytes
                                                            : kMaxErrorBytes) +
                      " bytes that are allowed");
    case Abort::headers_too_large:
      return fail(ErrorCode::too_large, "the headers of " + host + " are larger than " +
                                            std::to_string(kMaxHeaderBytes) + " bytes");
    case Abort::sink: return fail(ErrorCode::cancelled, "the reader of the answer stopped");
    case Abort::address:
      return fail(ErrorCode::bad_request, "expected a public address, got '" + host + "'");
    case Abort::none: break;
  }
  return fail(code_of(code), "cannot reach " + host + ": " + reason(transfer, code));
}

bool environment_names_proxy() {
  constexpr std::array kNames = {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy",
                                 "ALL_PROXY"};
  return std::ranges::any_of(kNames, [](const char* name) {
    const char* value = std::getenv(name);
    return value != nullptr && *value != '\0';
  });
}

/// Runs the prepared transfer; CURLE_ABORTED_BY_CALLBACK when `stop` was requested.
CURLcode run(Connection& connection, const std::stop_token& stop) {
  CURLM* const multi = connection.multi.get();
  if (curl_multi_add_handle(multi, connection.easy.get()) != CURLM_OK) return CURLE_FAILED_INIT;
  CURLcode result = CURLE_ABORTED_BY_CALLBACK;
  {
    const std::stop_callback wake(stop, [multi] { curl_multi_wakeup(multi); });
    int running = 1;
    while (running != 0 && !stop.stop_requested()) {
      if (curl_multi_perform(multi, &running) != CURLM_OK) break;
      if (running != 0) curl_multi_poll(multi, nullptr, 0, 1'000, nullptr);
    }
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
    if (message->msg == CURLMSG_DONE) result = message->data.result;
  }
  curl_multi_remove_handle(multi, connection.easy.get());
  return result;
}

class CurlClient : public HttpClient {
 public:
  explicit CurlClient(HttpOptions options)
      : options_(std::move(options)), behind_proxy_(environment_names_proxy()) {}

  Result<HttpResponse> send(const HttpRequest& request, const std::stop_token& stop) override;

 private:
  std::unique_ptr<Connection> take();
  void give_back(std::unique_ptr<Connection> connection);
  Result<void> check(const HttpRequest& request, const Target& target) const;
  void set_connection(CURL* easy, const HttpRequest& request, Transfer& transfer) const;

  const HttpOptions options_;
  const bool behind_proxy_;
  std::mutex mutex_;  // Guards everything below.
  std::vector<std::unique_ptr<Connection>> idle_;
};

std::unique_ptr<Connection> CurlClient::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return std::make_unique<Connection>();
  auto connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void CurlClient::give_back(std::unique_ptr<Connection> connection) {
  curl_easy_reset(connection->easy.get());  // Forgets the request and its keys.
  const std::lock_guard lock(mutex_);
  if (idle_.size() < options_.max_idle_connections) idle_.push_back(std::move(connection));
}

Result<void> CurlClient::check(const HttpRequest& request, const Target& target) const {
  if (target.scheme != "https" && !(target.scheme == "http" && request.allow_http))
    return fail(ErrorCode::bad_request, std::string("expected a URL with https") +
                                            (request.allow_http ? " or http" : "") + ", got '" +
                                            target.scheme + "'");
  if (request.public_address_only && is_special_address_literal(target.host))
    return fail(ErrorCode::bad_request, "expected a public address, got '" + target.host + "'");
  return {};
}

void CurlClient::set_connection(CURL* easy, const HttpRequest& request, Transfer& transfer) const {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, request.allow_http ? "https,http" : "https");
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(easy, CURLOPT_USERAGENT, "trailsift");
  if (!options_.ca_file.empty()) curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
  if (request.no_proxy) curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  if (!request.public_address_only) return;
  // A connection that an unguarded request opened was not looked at.
  curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
  if (behind_proxy_ && !request.no_proxy) {
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "");  // Nothing goes past the proxy unchecked.
  } else {
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  }
}

Result<HttpResponse> CurlClient::send(const HttpRequest& request, const std::stop_token& stop) {
  const auto target = parse_target(request.url);
  if (!target) return tl::unexpected(target.error());
  if (auto allowed = check(request, *target); !allowed) return tl::unexpected(allowed.error());
  const auto headers = make_headers(request);
  if (!headers) return tl::unexpected(headers.error());

  auto connection = take();
  CURL* const easy = connection->easy.get();
  if (easy == nullptr || !connection->multi)
    return fail(ErrorCode::internal, "cannot make a curl handle");
  Transfer transfer{request, {}, 0, 0, Abort::none, {}};
  set_connection(easy, request, transfer);
  curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers->get());
  set_method(easy, request);
  set_limits(easy, request);
  set_callbacks(easy, transfer);
  if (request.signature) set_signature(easy, *request.signature);

  const CURLcode result = run(*connection, stop);
  give_back(std::move(connection));
  if (result == CURLE_OK) return std::move(transfer.response);
  if (result == CURLE_ABORTED_BY_CALLBACK && stop.stop_requested())
    return fail(ErrorCode::cancelled, "stopped while waiting for " + target->host);
  return failure(transfer, result, target->host);
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  const auto found = std::ranges::find(headers, name, &HttpHeader::name);
  return found == headers.end() ? std::string_view{} : found->value;
}

Result<std::unique_ptr<HttpClient>> HttpClient::make(HttpOptions options) {
  static const CURLcode kReady = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (kReady != CURLE_OK)
    return fail(ErrorCode::internal,
                std::string("cannot prepare libcurl: ") + curl_easy_strerror(kReady));
  return std::make_unique<CurlClient>(std::move(options));
}

}  // namespace trailsift::aws
