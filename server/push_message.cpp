#include "server/push_message.h"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/url.h"
#include "indexer/json_value.h"
#include "indexer/quoted.h"
#include "indexer/sns_message.h"
#include "schema/number.h"
#include "schema/sha256.h"
#include "schema/utf8.h"
#include "server/documents_batch.h"
#include "server/elastic_bulk.h"
#include "server/parameters.h"

namespace trailsift::server {
namespace {

constexpr std::size_t kMaxNameBytes = 512;
constexpr std::size_t kMaxFirehoseIdBytes = 256;
constexpr std::size_t kMaxIndexBytes = 255;  // As Elasticsearch has it.
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
    {"documents:", "push:/2013-01-01/documents/batch"},
    {"bulk:", "push:/elastic/_bulk"},
}};

const Names& names_of(PushRoute route) {
  return kNames.at(static_cast<std::size_t>(route));
}

/// The same whenever the same body comes.
std::string id_of_body(const std::string& body) {
  return sha256_hex(body).substr(0, kHashDigits);
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
  const auto count = parse_number<std::uint32_t>(request.header("x-aws-sqsd-receive-count"));
  return std::clamp<std::uint32_t>(count.value_or(1), 1, kMaxAttempt);
}

/// What the sender calls its message; "" and a refusal when that is not to be had.
Checked<std::string> id_of(PushRoute route, const HttpRequest& request, std::string_view query,
                           const std::string& request_id) {
  const auto parameters = Parameters::parse(query, "");
  if (!parameters) return tl::unexpected(parameters.error());
  switch (route) {
    case PushRoute::sns: return sns_id(request);
    case PushRoute::firehose: break;
    case PushRoute::awslogs:
    case PushRoute::bulk:
    case PushRoute::documents: return id_of_body(request.body);
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

/// In lower case, without what stands behind ";".
std::string media_type(std::string_view text) {
  return lower_case(take_part(text, ';'));
}

Refusal refusal_of(int status, std::string message) {
  return Refusal{Error{ErrorCode::bad_request, std::move(message), {}}, {}, status};
}

/// Whether `type` is XML and not JSON; other types have the status given.
Checked<bool> is_xml(const std::string& type, int status, std::string_view header) {
  if (type == "application/json") return false;
  if (type == "application/xml" || type == "text/xml") return true;
  return tl::unexpected(refusal_of(status, "expected application/json or application/xml as " +
                                               std::string(header) + ", got " +
                                               indexer::quoted(type)));
}

/// A charset that is not one of these would have to be converted.
Checked<void> check_charset(std::string_view content_type) {
  const std::string type = lower_case(content_type);
  const std::size_t at = type.find("charset=");
  if (at == std::string::npos) return {};
  std::string charset = type.substr(at + 8);
  std::erase(charset, '"');
  charset.resize(std::min(charset.find_first_of("; "), charset.size()));
  for (const char* known : {"utf-8", "us-ascii", "ascii"}) {
    if (charset == known) return {};
  }
  return tl::unexpected(
      refusal_of(415, "expected the charset UTF-8, got " + indexer::quoted(charset)));
}

/// A batch of documents becomes the file that has their records.
Checked<PushedMessage> read_documents(PushedMessage pushed, const HttpRequest& request,
                                      std::string_view query) {
  if (request.content_type.empty()) {
    return tl::unexpected(refusal_of(400, "The Content-Type header is missing."));
  }
  const auto xml = is_xml(media_type(request.content_type), 415, "Content-Type");
  if (!xml) return tl::unexpected(xml.error());
  if (auto known = check_charset(request.content_type); !known) {
    return tl::unexpected(known.error());
  }
  const auto parameters = Parameters::parse(query, "");
  if (!parameters) return tl::unexpected(parameters.error());
  // SDKs send batches of any type, and read JSON.
  const std::string* format = parameters->find("format");
  pushed.caller.xml = *xml && (format == nullptr || *format != "sdk");
  const std::string accept = media_type(request.header("accept"));
  if (!accept.empty() && accept.find("*/*") == std::string::npos) {
    const auto answer = is_xml(accept.substr(0, accept.find(',')), 406, "Accept");
    if (!answer) return tl::unexpected(answer.error());
    pushed.caller.xml = *answer;
  }
  auto batch = *xml ? parse_xml_batch(request.body) : parse_json_batch(request.body);
  if (!batch) return refuse(batch.error());
  auto changes = changes_of(*batch);
  if (!changes) return refuse(changes.error());
  pushed.caller.deletes = static_cast<std::uint64_t>(
      std::ranges::count(batch->operations, true, &DocumentOperation::remove));
  pushed.caller.adds = batch->operations.size() - pushed.caller.deletes;
  pushed.caller.warnings = std::move(batch->warnings);
  pushed.message.kind = indexer::IncomingMessage::Body::file;
  pushed.message.body = std::move(changes->log_file);
  pushed.added = std::move(changes->added);
  pushed.removed = std::move(changes->removed);
  return pushed;
}

/// "events" of "/elastic/events/_bulk"; "" of "/elastic/_bulk".
std::string index_of(const std::string& target) {
  constexpr std::string_view kBefore = "/elastic/";
  constexpr std::string_view kBehind = "/_bulk";
  const auto path = aws::percent_decode(target.substr(0, target.find('?')));
  const std::size_t size = kBefore.size() + kBehind.size();
  if (!path || path->size() <= size || !path->starts_with(kBefore) || !path->ends_with(kBehind)) {
    return {};
  }
  return to_utf8(path->substr(kBefore.size(), path->size() - size));
}

/// The lines of a bulk request; what is to be done is known when it is looked up what is there.
Checked<PushedMessage> read_bulk(PushedMessage pushed, const HttpRequest& request) {
  if (request.body.starts_with("\x1F\x8B")) {
    return tl::unexpected(
        refusal_of(415, "expected a body that is not compressed, got one that is gzip"));
  }
  const std::string index = index_of(request.target);
  if (index.size() > kMaxIndexBytes) {  // Each item repeats it.
    return refuse(ErrorCode::bad_request, "expected the name of an index of at most " +
                                              std::to_string(kMaxIndexBytes) + " bytes, got " +
                                              indexer::quoted(index));
  }
  auto bulk = parse_bulk(request.body, index);
  if (!bulk) return tl::unexpected(bulk.error());
  pushed.caller.bulk = std::make_shared<BulkCall>(std::move(*bulk));
  pushed.message.kind = indexer::IncomingMessage::Body::file;
  return pushed;
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
  if (route == PushRoute::documents) return read_documents(std::move(pushed), request, query);
  if (route == PushRoute::bulk) return read_bulk(std::move(pushed), request);
  pushed.message.body = std::move(request.body);
  return pushed;
}

}  // namespace trailsift::server
