#include "indexer/sns_message.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace trailsift::indexer {
namespace {

constexpr std::array<std::string_view, 3> kTypes = {
    "Notification",
    "SubscriptionConfirmation",
    "UnsubscribeConfirmation",
};

constexpr std::size_t kMaxDepth = 8;  // Real ones have three: attributes, one of them, its value.

}  // namespace

std::string_view name(SnsType type) {
  return kTypes.at(static_cast<std::size_t>(type));
}

std::optional<SnsMessage> read_sns_message(const std::vector<JsonMember>& members) {
  const auto type = find_string(members, "Type");
  auto message = find_string(members, "Message");
  const auto* const known = type ? std::ranges::find(kTypes, *type) : kTypes.end();
  if (known == kTypes.end() || !message) return std::nullopt;

  SnsMessage sns;
  sns.type = static_cast<SnsType>(known - kTypes.begin());
  sns.message = std::move(*message);
  sns.message_id = find_string(members, "MessageId");
  sns.topic_arn = find_string(members, "TopicArn");
  sns.subject = find_string(members, "Subject");
  sns.timestamp = find_string(members, "Timestamp");
  sns.signature_version = find_string(members, "SignatureVersion");
  sns.signature = find_string(members, "Signature");
  sns.signing_cert_url = find_string(members, "SigningCertURL");
  if (!sns.signing_cert_url) sns.signing_cert_url = find_string(members, "SigningCertUrl");
  sns.token = find_string(members, "Token");
  sns.subscribe_url = find_string(members, "SubscribeURL");
  if (!sns.subscribe_url) sns.subscribe_url = find_string(members, "SubscribeUrl");
  return sns;
}

std::optional<SnsMessage> read_sns_body(std::string_view body) {
  const auto value = read_json(body, kMaxDepth);
  if (!value || !value->is_object()) return std::nullopt;
  const std::size_t end =
      static_cast<std::size_t>(value->text().data() - body.data()) + value->text().size();
  if (body.find_first_not_of(" \t\r\n", end) != std::string_view::npos) return std::nullopt;
  return read_sns_message(value->members());
}

}  // namespace trailsift::indexer
