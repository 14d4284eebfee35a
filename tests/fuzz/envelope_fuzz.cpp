// Any bytes as the body of a message: nothing crashes, what comes out is bounded by the limits, the
// sound records are JSON, errors point into the body, and URLs that pass are those of SNS.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "indexer/envelope.h"
#include "indexer/file_kind.h"
#include "indexer/json_value.h"
#include "indexer/record_reader.h"
#include "indexer/sns_signature.h"
#include "indexer/sns_topic.h"
#include "schema/utf8.h"
#include "tests/fuzz/require.h"

namespace {

using trailsift::Error;
using trailsift::ErrorCode;
using trailsift::require;
using namespace trailsift::indexer;

MessageLimits limits() {
  MessageLimits limits;
  limits.max_depth = 5;
  limits.max_objects = 10;
  limits.max_rejected = 10;
  limits.max_text_bytes = 1UL << 18;
  limits.ratio_free_bytes = 1UL << 12;
  return limits;
}

void check_error(const Error& error, std::size_t body_size) {
  require(error.code == ErrorCode::bad_request || error.code == ErrorCode::too_large,
          "an error about the message");
  require(!error.message.empty() && error.message.size() < 8192, "a message of sensible size");
  require(!trailsift::find_invalid_utf8(error.message), "a message in UTF-8");
  require(!error.at || (error.at->begin <= error.at->end && error.at->end <= body_size),
          "a position inside the body");
}

void check_records(const Envelope& envelope, std::size_t body_size) {
  std::size_t total = 0;
  for (const std::string& text : envelope.records) total += text.size();
  // A comma and the frame stand beside what was written in the message.
  require(total <= limits().max_text_bytes + 2 * body_size + 64, "bounded records");
  for (const std::string& text : envelope.records) {
    require(read_json(text, 1000) || shows_records(text), "JSON, or damaged records");
  }
}

void check_sns(const SnsMessage& message) {
  const auto text = signed_text(message);
  require(!text || text->size() >= message.message.size(), "the message to be signed");
  const auto topic = read_sns_topic(message.topic_arn.value_or(""));
  if (!topic) return;
  require(topic->host.starts_with("sns.") && topic->host.find('/') == std::string::npos, "a host");
  const std::string host = "https://" + topic->host + "/";
  const auto certificate = certificate_url(message.signing_cert_url.value_or(""), *topic);
  require(!certificate || certificate->starts_with(host), "a certificate of SNS");
  const auto subscribe =
      subscribe_url(message.subscribe_url.value_or(""), *topic, message.token.value_or(""));
  require(!subscribe || subscribe->starts_with(host + '?'), "a subscription of SNS");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto envelope = unwrap(body, limits());
  if (!envelope) {
    check_error(envelope.error(), size);
    return 0;
  }
  require(envelope->objects.size() <= limits().max_objects, "bounded objects");
  require(envelope->rejected.size() <= limits().max_rejected, "bounded rejections");
  for (const ObjectRef& object : envelope->objects) {
    require(object.bucket.size() >= 3 && !object.key.empty(), "a bucket and a key");
  }
  for (const RejectedPart& part : envelope->rejected) {
    require(part.excerpt.size() <= kMaxExcerptBytes, "a bounded excerpt");
    Error error = part.error;
    error.at.reset();  // In the part.
    check_error(error, size);
  }
  check_records(*envelope, size);
  if (envelope->sns) check_sns(*envelope->sns);
  return 0;
}
