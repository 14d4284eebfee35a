#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "indexer/file_kind.h"
#include "indexer/object_event.h"
#include "indexer/quoted.h"
#include "indexer/unwrapper.h"

namespace trailsift::indexer {
namespace {

constexpr std::size_t kMaxKeysTold = 8;

tl::unexpected<Error> unknown(const std::vector<JsonMember>& members) {
  std::string keys;
  for (std::size_t i = 0; i < std::min(members.size(), kMaxKeysTold); ++i) {
    keys += (i == 0 ? " with " : ", ") + quoted(members[i].key);
  }
  if (members.size() > kMaxKeysTold) keys += ", …";
  if (const auto type = find_string(members, "detail-type")) {
    keys += " of detail-type " + quoted(*type);
  }
  return fail(ErrorCode::bad_request,
              "unknown message type: expected a message of SNS, SQS, S3, EventBridge, CloudTrail, "
              "CloudWatch Logs or Firehose, or CloudTrail records, got an object" +
                  (keys.empty() ? " without members" : keys));
}

}  // namespace

Result<void> Unwrapper::object(const JsonValue& object, std::size_t depth) {
  static constexpr std::array kShapes = {
      &Unwrapper::sns,          &Unwrapper::test_event, &Unwrapper::records_array,
      &Unwrapper::config,       &Unwrapper::cloudtrail, &Unwrapper::eventbridge,
      &Unwrapper::subscription, &Unwrapper::log_events, &Unwrapper::firehose,
  };
  const Members members = object.members();
  for (const Shape shape : kShapes) {
    if (auto result = (this->*shape)(members, depth)) return std::move(*result);
  }
  return record(object, members);
}

Unwrapper::Shaped Unwrapper::sns(const Members& members, std::size_t depth) {
  auto message = read_sns_message(members);
  if (!message) return std::nullopt;
  if (auto allowed = produce(message->message.size()); !allowed) return allowed;
  const std::string content = message->message;
  const SnsType type = message->type;
  if (depth == 0) outermost_ = std::move(message);
  switch (type) {
    case SnsType::subscription_confirmation: return note(Notice::subscription_confirmation);
    case SnsType::unsubscribe_confirmation: return note(Notice::unsubscribe_confirmation);
    case SnsType::notification: break;
  }
  return within("Message", [&] { return text(content, depth + 1); });
}

Unwrapper::Shaped Unwrapper::test_event(const Members& members, std::size_t /*depth*/) {
  if (find_string(members, "Event") != "s3:TestEvent") return std::nullopt;
  return note(Notice::s3_test_event);
}

/// A log file, notifications of S3, and what functions of Lambda are given look alike here.
Unwrapper::Shaped Unwrapper::records_array(const Members& members, std::size_t depth) {
  const JsonValue* records = find(members, "Records");
  if (records == nullptr || !records->is_array()) return std::nullopt;
  return each(*records, "Records", [&](const JsonValue& one) { return element(one, depth); });
}

Result<void> Unwrapper::element(const JsonValue& element, std::size_t depth) {
  const Members members = element.members();
  auto source = find_string(members, "eventSource");
  if (!source) source = find_string(members, "EventSource");
  if (!source) return record(element, members);
  // Stores that speak S3 have their own name before the colon.
  const JsonValue* s3 = find(members, "s3");
  if (s3 != nullptr && source->ends_with(":s3")) return announced(read_s3_event(members));
  if (!source->starts_with("aws:")) return record(element, members);

  if (const JsonValue* inner = find(members, "Sns"); inner != nullptr && source == "aws:sns") {
    return within("Sns", [&] { return value(*inner, depth + 1); });
  }
  if (const auto body = find_string(members, "body"); body && source == "aws:sqs") {
    if (auto allowed = produce(body->size()); !allowed) return allowed;
    return within("body", [&] { return text(*body, depth + 1); });
  }
  if (const JsonValue* kinesis = find(members, "kinesis"); kinesis != nullptr) {
    const Members inside = kinesis->members();
    return within("kinesis.data", [&] { return base64(find(inside, "data"), depth); });
  }
  return unknown(members);
}

Unwrapper::Shaped Unwrapper::config(const Members& members, std::size_t /*depth*/) {
  const std::string type = find_string(members, "messageType").value_or("");
  const bool known = type.starts_with("Config") || type.starts_with("Compliance") ||
                     type.starts_with("OversizedConfig");
  if (!known) return std::nullopt;
  return note(Notice::config);
}

Unwrapper::Shaped Unwrapper::cloudtrail(const Members& members, std::size_t /*depth*/) {
  const JsonValue* bucket = find(members, "s3Bucket");
  const JsonValue* keys = find(members, "s3ObjectKey");
  if (bucket == nullptr || keys == nullptr) return std::nullopt;
  const auto one = [&](const JsonValue& key) {
    return announced(read_cloudtrail_object(*bucket, key));
  };
  return keys->is_array() ? each(*keys, "s3ObjectKey", one) : one(*keys);
}

Unwrapper::Shaped Unwrapper::eventbridge(const Members& members, std::size_t /*depth*/) {
  const auto type = find_string(members, "detail-type");
  const JsonValue* detail = find(members, "detail");
  if (!type || detail == nullptr) return std::nullopt;
  const std::string source = find_string(members, "source").value_or("");
  if (type->ends_with(" via CloudTrail")) {
    return within("detail", [&] { return record(*detail, detail->members()); });
  }
  if (source == "aws.s3") return announced(read_eventbridge_s3_event(members));
  if (source == "aws.config") return note(Notice::config);
  return unknown(members);
}

Unwrapper::Shaped Unwrapper::subscription(const Members& members, std::size_t depth) {
  const JsonValue* logs = find(members, "awslogs");
  if (logs == nullptr || !logs->is_object()) return std::nullopt;
  const Members inside = logs->members();
  return within("awslogs.data", [&] { return base64(find(inside, "data"), depth); });
}

Unwrapper::Shaped Unwrapper::log_events(const Members& members, std::size_t depth) {
  const auto type = find_string(members, "messageType");
  const JsonValue* events = find(members, "logEvents");
  if (!type || events == nullptr || !events->is_array()) return std::nullopt;
  if (*type == "CONTROL_MESSAGE") return note(Notice::control_message);
  if (*type != "DATA_MESSAGE") return unknown(members);
  return each(*events, "logEvents", [&](const JsonValue& event) -> Result<void> {
    const auto message = find_string(event.members(), "message");
    if (!message) return fail(ErrorCode::bad_request, "expected a 'message', got none");
    if (auto allowed = produce(message->size()); !allowed) return allowed;
    return text(*message, depth + 1);
  });
}

Unwrapper::Shaped Unwrapper::firehose(const Members& members, std::size_t depth) {
  const JsonValue* records = find(members, "records");
  if (records == nullptr || !records->is_array()) return std::nullopt;
  return each(*records, "records", [&](const JsonValue& one) {
    const Members inside = one.members();
    return within("data", [&] { return base64(find(inside, "data"), depth); });
  });
}

/// What one of its members tells to be a record; all else of it is for the reader of records.
Result<void> Unwrapper::record(const JsonValue& record, const Members& members) {
  for (const JsonMember& member : members) {
    const auto kind = kind_of_key(member.key);
    if (!kind) continue;
    if (*kind == FileKind::digest) return note(Notice::digest);
    if (*kind == FileKind::config) return note(Notice::config);
    records_ += records_.empty() ? R"({"Records":[)" : ",";
    records_ += record.text();
    return {};
  }
  if (!record.is_object()) {
    return fail(ErrorCode::bad_request, "expected a record, got " + quoted(record.text()));
  }
  return unknown(members);
}

Result<void> Unwrapper::announced(Result<Announcement> announcement) {
  if (!announcement) return tl::unexpected(std::move(announcement.error()));
  if (const auto* notice = std::get_if<Notice>(&*announcement)) return note(*notice);
  if (envelope_.objects.size() >= limits_.max_objects) {
    return refuse("expected at most " + std::to_string(limits_.max_objects) +
                  " objects in a message, got more");
  }
  envelope_.objects.push_back(std::get<ObjectRef>(std::move(*announcement)));
  return {};
}

Result<void> Unwrapper::note(Notice notice) {
  ++envelope_.notices.at(static_cast<std::size_t>(notice));
  return {};
}

}  // namespace trailsift::indexer
