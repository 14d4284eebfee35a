#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/json_value.h"

namespace trailsift::indexer {

enum class SnsType : std::uint8_t {
  notification,
  subscription_confirmation,
  unsubscribe_confirmation
};

/// The type as SNS writes it, such as "SubscriptionConfirmation".
std::string_view name(SnsType type);

/// What SNS wraps a message in. Nothing of it is to be believed before a SnsVerifier has seen it.
/// Members that are missing, null or no strings have no value.
struct SnsMessage {
  SnsType type = SnsType::notification;
  std::string message;
  std::optional<std::string> message_id;
  std::optional<std::string> topic_arn;
  std::optional<std::string> subject;
  std::optional<std::string> timestamp;
  std::optional<std::string> signature_version;
  std::optional<std::string> signature;
  std::optional<std::string> signing_cert_url;  ///< SigningCertURL, or as Lambda has it …Url.
  std::optional<std::string> token;
  std::optional<std::string> subscribe_url;
};

/// The message of SNS with these members; nullopt when it is none: it has to have a Type of SNS's
/// and a Message.
std::optional<SnsMessage> read_sns_message(const std::vector<JsonMember>& members);

/// The message of SNS that a body is, with nothing around it; nullopt when it is anything else.
/// No envelope is taken off, so this may be asked of what anybody sent.
std::optional<SnsMessage> read_sns_body(std::string_view body);

}  // namespace trailsift::indexer
