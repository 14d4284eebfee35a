#include "aws/sqs_json.h"

#include <algorithm>
#include <array>
#include <utility>

#include "aws/endpoint.h"
#include "aws/json.h"
#include "aws/query_call.h"
#include "aws/url.h"
#include "schema/number.h"

namespace trailsift::aws {
namespace {

constexpr std::size_t kMaxNameBytes = 80;

bool is_queue_name(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';  // ".fifo"
  };
  return !text.empty() && text.size() <= kMaxNameBytes && std::ranges::all_of(text, allowed);
}

/// "eu-west-1" of sqs.eu-west-1.amazonaws.com[.cn] and of eu-west-1.queue.amazonaws.com, or "".
std::string region_of_host(std::string_view host) {
  for (const std::string_view suffix : {".amazonaws.com", ".amazonaws.com.cn"}) {
    if (!host.ends_with(suffix)) continue;
    std::string_view rest = host.substr(0, host.size() - suffix.size());
    if (rest == "queue") return "us-east-1";
    if (rest.starts_with("sqs.")) {
      rest.remove_prefix(4);
    } else if (rest.ends_with(".queue")) {
      rest.remove_suffix(6);
    } else {
      continue;
    }
    if (is_region_name(rest)) return std::string(rest);
  }
  return "";
}

Result<QueueName> parse_queue_url(const std::string& queue, bool is_overridden) {
  const auto origin = parse_origin(queue);
  const std::size_t slash = origin ? origin->path.rfind('/') : std::string::npos;
  if (!origin || slash == std::string::npos || !is_queue_name(origin->path.substr(slash + 1)))
    return fail(
        ErrorCode::bad_request,
        "expected the URL of a queue, https://sqs.REGION.amazonaws.com/ACCOUNT/NAME, got '" +
            queue + "'");
  QueueName name;
  name.url = queue;
  name.region = region_of_host(origin->host);
  name.name = origin->path.substr(slash + 1);
  if (name.region.empty() && !is_overridden)
    return fail(ErrorCode::bad_request, "expected a host of AWS in the queue's URL, got '" +
                                            origin->host + "'; another needs an endpoint for SQS");
  return name;
}

}  // namespace

Result<QueueName> parse_queue(const std::string& queue, bool is_overridden) {
  if (queue.find("://") != std::string::npos) return parse_queue_url(queue, is_overridden);
  QueueName name;
  name.name = queue;
  if (queue.starts_with("arn:")) {
    const auto arn = parse_arn(queue, Service::sqs);
    if (!arn) return tl::unexpected(arn.error());
    name = {"", arn->region, arn->account, arn->resource};
  }
  if (!is_queue_name(name.name))
    return fail(ErrorCode::bad_request, "expected a queue's URL, ARN or name, got '" + queue + "'");
  return name;
}

Result<std::vector<QueueMessage>> parse_messages(std::string_view json) {
  const auto document = parse_json_object(json);
  if (!document) return tl::unexpected(document.error());
  std::vector<QueueMessage> messages;
  const auto* list = find_member(*document, "Messages");
  if (list == nullptr || list->IsNull()) return messages;  // None came.
  if (!list->IsArray()) return fail(ErrorCode::corrupt, "expected a list of messages from SQS");
  for (const auto& item : list->GetArray()) {
    QueueMessage message;
    message.id = string_member(item, "MessageId");
    message.receipt_handle = string_member(item, "ReceiptHandle");
    message.body = string_member(item, "Body");
    if (message.receipt_handle.empty())
      return fail(ErrorCode::corrupt, "expected a ReceiptHandle of each message from SQS");
    if (const auto* attributes = find_member(item, "Attributes"); attributes != nullptr) {
      const auto count = integer_member(*attributes, "ApproximateReceiveCount").value_or(0);
      message.receive_count =
          static_cast<std::uint32_t>(std::clamp<std::int64_t>(count, 0, UINT32_MAX));
      const auto sent = integer_member(*attributes, "SentTimestamp").value_or(0);
      message.sent = Timestamp(std::chrono::milliseconds(std::max<std::int64_t>(sent, 0)));
    }
    messages.push_back(std::move(message));
  }
  return messages;
}

namespace {

/// The number that an entry's id is, or `size`.
std::size_t index_of(const rapidjson::Value& item, std::size_t size) {
  return std::min(parse_number<std::size_t>(string_member(item, "Id")).value_or(size), size);
}

}  // namespace

Result<std::vector<BatchOutcome>> parse_outcomes(std::string_view json, std::size_t size) {
  const auto document = parse_json_object(json);
  if (!document) return tl::unexpected(document.error());
  std::vector<bool> told(size + 1);
  std::vector<BatchOutcome> failures;
  if (const auto* list = find_member(*document, "Successful"); list != nullptr && list->IsArray()) {
    for (const auto& item : list->GetArray()) told[index_of(item, size)] = true;
  }
  if (const auto* list = find_member(*document, "Failed"); list != nullptr && list->IsArray()) {
    for (const auto& item : list->GetArray()) {
      const std::size_t index = index_of(item, size);
      if (index == size || told[index]) continue;
      told[index] = true;
      const auto* fault = find_member(item, "SenderFault");
      failures.push_back({index, printable_line(string_member(item, "Code"), 100),
                          printable_line(string_member(item, "Message"), kMaxMessageBytes),
                          fault != nullptr && fault->IsBool() && fault->GetBool()});
    }
  }
  for (std::size_t index = 0; index < size; ++index) {
    if (!told[index])
      failures.push_back({index, "NotAnswered", "the answer does not name this entry", false});
  }
  return failures;
}

}  // namespace trailsift::aws
