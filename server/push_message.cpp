#include "server/push_message.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "indexer/json_value.h"
#include "indexer/quoted.h"
#include "indexer/sha256.h"
#include "indexer/sns_message.h"
#include "server/parameters.h"

namespace trailsift::server {
namespace {

constexpr std::size_t kMaxNameBytes = 512;
constexpr std::size_t kMaxFirehoseIdBytes = 256;
constexpr std::size_t kHashDigits = 32;
constexpr std::size_t kMaxJsonDepth = 144;
constexpr std::uint32_t kMaxAttempt = 1'000;

struct Names {
  std::string_view route;
  std::string_view source;
};
constexpr std::array<Names, kPushRoutes> kNames = {{
    {"sns:", "push:/sns/"},
    {"firehose:", "push:/firehose"},
    {"awslogs:", "push:/awslogs"},
    {"ingest:", "push:/ingest"},
}};

const Names& names_of(PushRoute route) {
  return kNames.at(static_cast<std::size_t>(route));
}

/// The same whenever the same body comes.
std::string id_of_body(const std::string& body) {
  return indexer::sha256_hex(body).substr(0, kHashDigits);
}

std::string sns_id(const HttpRequest& request) {
  for (const char* header : {"x-aws-sqsd-msgid", "x-amz-sns-message-id"}) {
    if (auto id = request.header(header); !id.empty()) return id;
  }
  const auto sns = indexer::read_sns_body(request.body);
  if (sns && sns->message_id && !sns->message_id->empty()) return *sns->message_id;
  return id_of_body(request.body);
}

std::string firehose_id(const HttpRequest& request) {
  if (auto id = request.header("x-amz-firehose-request-id"); !id.empty()) return id;
  const auto body = indexer::read_json(request.body, kMaxJsonDepth);
  if (!body) return {};
  return indexer::find_string(body->members(), "requestId").value_or("");
}

/// How often the daemon says that the message came.
std::uint32_t attempt_of(const HttpRequest& request) {
  const std::string text = request.header("x-aws-sqsd-receive-count");
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || end != text.data() + text.size()) return 1;
  return std::clamp<std::uint32_t>(count, 1, kMaxAttempt);
}

/// What the sender calls its message; "" and a refusal when that is not to be had.
Checked<std::string> id_of(PushRoute route, const HttpRequest& request, std::string_view query,
                           const std::string& request_id) {
  const auto parameters = Parameters::parse(query, "");
  if (!parameters) return tl::unexpected(parameters.error());
  switch (route) {
    case PushRoute::sns: return sns_id(request);
    case PushRoute::firehose: break;
    case PushRoute::awslogs: return id_of_body(request.body);
    case PushRoute::ingest: {
      const std::string* name = parameters->find_nonempty("name");
      return name != nullptr ? *name : request_id;
    }
  }
  std::string id = firehose_id(request);
  if (id.empty() || id.size() > kMaxFirehoseIdBytes) {
    return refuse(ErrorCode::bad_request,
                  "expected a requestId of 1 to 256 bytes, got " + indexer::quoted(id));
  }
  return id;
}

bool may_stand_in_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-/=+@,").find(c) != std::string_view::npos;
}

}  // namespace

Checked<void> check_encoding(const HttpRequest& head) {
  const std::string encoding = head.header("content-encoding");
  if (encoding.empty() || encoding == "identity" || encoding == "gzip" || encoding == "x-gzip") {
    return {};
  }
  Refusal refusal{Error{ErrorCode::bad_request,
                        "expected Content-Encoding gzip or none, got " + indexer::quoted(encoding),
                        {}}};
  refusal.status = 415;
  return tl::unexpected(std::move(refusal));
}

std::string push_name(PushRoute route, std::string_view id) {
  std::string name(names_of(route).route);
  for (const char c : id.substr(0, kMaxNameBytes - name.size())) {
    name += may_stand_in_name(c) ? c : '_';
  }
  return name;
}

std::string push_source(PushRoute route) {
  return std::string(names_of(route).source);
}

Checked<PushedMessage> read_push(PushRoute route, HttpRequest request, std::string_view query,
                                 const std::string& request_id) {
  if (auto known = check_encoding(request); !known) return tl::unexpected(known.error());
  if (request.body.empty()) return refuse(ErrorCode::bad_request, "expected a body, got none");
  auto id = id_of(route, request, query, request_id);
  if (!id) return tl::unexpected(id.error());
  PushedMessage pushed;
  pushed.caller.route = route;
  pushed.caller.request_id = request_id;
  pushed.caller.name = push_name(route, *id);
  if (route == PushRoute::firehose) pushed.caller.firehose_id = std::move(*id);
  pushed.message.source = push_source(route);
  pushed.message.name = pushed.caller.name;
  pushed.message.attempt = route == PushRoute::sns ? attempt_of(request) : 1;
  if (route == PushRoute::ingest) pushed.message.kind = indexer::IncomingMessage::Body::file;
  pushed.message.body = std::move(request.body);
  return pushed;
}

}  // namespace trailsift::server
