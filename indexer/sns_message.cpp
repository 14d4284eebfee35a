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

}  // namespace trailsift::indexer
