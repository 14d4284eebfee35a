#include "aws/sqs.h"

#include <algorithm>
#include <utility>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "aws/json.h"
#include "aws/query_call.h"
#include "aws/sqs_json.h"

namespace trailsift::aws {
namespace {

// Ten messages of at most 1 MiB, each byte perhaps escaped.
constexpr std::size_t kMaxAnswerBytes = std::size_t{64} << 20U;

/// Builds the body of a call.
class Body {
 public:
  Body() { writer_.StartObject(); }

  Body& text(const char* name, std::string_view value) {
    writer_.Key(name);
    put(value);
    return *this;
  }
  Body& number(const char* name, std::int64_t value) {
    writer_.Key(name);
    writer_.Int64(value);
    return *this;
  }
  Body& texts(const char* name, std::initializer_list<std::string_view> values) {
    writer_.Key(name);
    writer_.StartArray();
    for (const std::string_view value : values) put(value);
    writer_.EndArray();
    return *this;
  }
  /// One object for each of `values`, its Id the number.
  template <class Fill>
  Body& entries(std::span<const std::string> values, Fill fill) {
    writer_.Key("Entries");
    writer_.StartArray();
    for (std::size_t i = 0; i < values.size(); ++i) {
      writer_.StartObject();
      text("Id", std::to_string(i));
      fill(*this, values[i]);
      writer_.EndObject();
    }
    writer_.EndArray();
    return *this;
  }
  std::string finish() {
    writer_.EndObject();
    return {buffer_.GetString(), buffer_.GetSize()};
  }

 private:
  void put(std::string_view value) {
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  }

  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

Call make_call(const Caller& caller, const QueueName& queue, const std::string& operation,
               const std::string& action, std::string body) {
  Call call =
      make_json_call(caller, Service::sqs, queue.region, "AmazonSQS." + operation, std::move(body));
  call.names.resource = queue.url.empty() ? queue.name : queue.url;
  call.names.action = "sqs:" + action;
  call.names.arn = "the queue " + queue.name;
  call.http.max_response_bytes = kMaxAnswerBytes;
  return call;
}

Result<void> check_batch(std::size_t size) {
  if (size >= 1 && size <= kMaxBatch) return {};
  return fail(ErrorCode::bad_request, "expected 1 to " + std::to_string(kMaxBatch) +
                                          " messages in a batch, got " + std::to_string(size));
}

/// A queue in a region of its own name, otherwise in the session's.
Result<std::string> region_of(Caller& caller, const QueueName& queue, const std::stop_token& stop) {
  if (!queue.region.empty()) return queue.region;
  return caller.region(stop);
}

Result<std::vector<BatchOutcome>> run_batch(Caller& caller, Call call, std::size_t size,
                                            const std::stop_token& stop) {
  const auto response = caller.call(std::move(call), stop);
  if (!response) return tl::unexpected(response.error());
  return parse_outcomes(response->body, size);
}

QueueName name_of(const std::string& url, const std::string& region) {
  return {url, region, "", url.substr(url.rfind('/') + 1)};
}

}  // namespace

Result<Sqs> Sqs::open(Session& session, std::string queue, const std::stop_token& stop) {
  Caller& caller = session.caller();
  auto name = parse_queue(queue, caller.is_overridden(Service::sqs));
  if (!name) return tl::unexpected(name.error());
  auto region = region_of(caller, *name, stop);
  if (!region) return tl::unexpected(region.error());
  name->region = *region;
  if (!name->url.empty()) return Sqs(session, std::move(queue), std::move(*region));

  Body body;
  body.text("QueueName", name->name);
  if (!name->account.empty()) body.text("QueueOwnerAWSAccountId", name->account);
  const auto response =
      caller.call(make_call(caller, *name, "GetQueueUrl", "GetQueueUrl", body.finish()), stop);
  if (!response) return tl::unexpected(response.error());
  const auto document = parse_json_object(response->body);
  if (!document) return tl::unexpected(document.error());
  std::string url(string_member(*document, "QueueUrl"));
  if (url.empty()) return fail(ErrorCode::corrupt, "expected QueueUrl in the answer of SQS");
  return Sqs(session, std::move(url), std::move(*region));
}

Result<std::vector<QueueMessage>> Sqs::receive(const ReceiveOptions& options,
                                               const std::stop_token& stop) {
  Body body;
  body.text("QueueUrl", url_)
      .number("MaxNumberOfMessages", static_cast<std::int64_t>(std::clamp<std::size_t>(
                                         options.max_messages, 1, kMaxBatch)))
      .number("WaitTimeSeconds", options.wait.count())
      .texts("AttributeNames", {"ApproximateReceiveCount", "SentTimestamp"});
  if (options.visibility.count() >= 0) body.number("VisibilityTimeout", options.visibility.count());
  Caller& caller = session_->caller();
  Call call =
      make_call(caller, name_of(url_, region_), "ReceiveMessage", "ReceiveMessage", body.finish());
  call.http.idle_timeout += options.wait;
  call.http.timeout += options.wait;
  const auto response = caller.call(std::move(call), stop);
  if (!response) return tl::unexpected(response.error());
  return parse_messages(response->body);
}

Result<std::vector<BatchOutcome>> Sqs::remove(std::span<const std::string> receipt_handles,
                                              const std::stop_token& stop) {
  if (auto sized = check_batch(receipt_handles.size()); !sized)
    return tl::unexpected(sized.error());
  Body body;
  body.text("QueueUrl", url_);
  body.entries(receipt_handles,
               [](Body& entry, const std::string& handle) { entry.text("ReceiptHandle", handle); });
  Caller& caller = session_->caller();
  return run_batch(caller,
                   make_call(caller, name_of(url_, region_), "DeleteMessageBatch", "DeleteMessage",
                             body.finish()),
                   receipt_handles.size(), stop);
}

Result<std::vector<BatchOutcome>> Sqs::extend(std::span<const std::string> receipt_handles,
                                              std::chrono::seconds visibility,
                                              const std::stop_token& stop) {
  if (auto sized = check_batch(receipt_handles.size()); !sized)
    return tl::unexpected(sized.error());
  Body body;
  body.text("QueueUrl", url_);
  body.entries(receipt_handles, [visibility](Body& entry, const std::string& handle) {
    entry.text("ReceiptHandle", handle).number("VisibilityTimeout", visibility.count());
  });
  Caller& caller = session_->caller();
  return run_batch(caller,
                   make_call(caller, name_of(url_, region_), "ChangeMessageVisibilityBatch",
                             "ChangeMessageVisibility", body.finish()),
                   receipt_handles.size(), stop);
}

Result<std::vector<BatchOutcome>> Sqs::send(std::span<const std::string> bodies,
                                            const std::stop_token& stop) {
  if (auto sized = check_batch(bodies.size()); !sized) return tl::unexpected(sized.error());
  Body body;
  body.text("QueueUrl", url_);
  body.entries(bodies,
               [](Body& entry, const std::string& message) { entry.text("MessageBody", message); });
  Caller& caller = session_->caller();
  return run_batch(
      caller,
      make_call(caller, name_of(url_, region_), "SendMessageBatch", "SendMessage", body.finish()),
      bodies.size(), stop);
}

Result<std::map<std::string, std::string>> Sqs::attributes(const std::stop_token& stop) {
  Caller& caller = session_->caller();
  const auto response = caller.call(
      make_call(caller, name_of(url_, region_), "GetQueueAttributes", "GetQueueAttributes",
                Body().text("QueueUrl", url_).texts("AttributeNames", {"All"}).finish()),
      stop);
  if (!response) return tl::unexpected(response.error());
  const auto document = parse_json_object(response->body);
  if (!document) return tl::unexpected(document.error());
  std::map<std::string, std::string> attributes;
  const auto* members = find_member(*document, "Attributes");
  if (members == nullptr || !members->IsObject()) return attributes;
  for (const auto& member : members->GetObject()) {
    if (member.value.IsString())
      attributes.emplace(member.name.GetString(), member.value.GetString());
  }
  return attributes;
}

}  // namespace trailsift::aws
