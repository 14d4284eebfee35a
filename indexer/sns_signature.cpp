#include "indexer/sns_signature.h"

#include <optional>
#include <utility>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "indexer/base64.h"
#include "indexer/quoted.h"

namespace trailsift::indexer {
namespace {

constexpr std::size_t kMaxIdBytes = 128;

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeDigest {
  void operator()(EVP_MD_CTX* digest) const { EVP_MD_CTX_free(digest); }
};

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::bad_request, std::move(message));
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

const EVP_MD* digest_of(std::string_view signature_version) {
  if (signature_version == "1") return EVP_sha1();
  if (signature_version == "2") return EVP_sha256();
  return nullptr;
}

/// RSASSA-PKCS1-v1_5.
bool is_signed(std::string_view text, std::string_view signature, const EVP_MD* digest,
               std::string_view key_der) {
  const unsigned char* at = bytes_of(key_der);
  const std::unique_ptr<EVP_PKEY, FreeKey> key(
      d2i_PUBKEY(nullptr, &at, static_cast<long>(key_der.size())));
  const std::unique_ptr<EVP_MD_CTX, FreeDigest> context(EVP_MD_CTX_new());
  const bool valid =
      key && context &&
      EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                       text.size()) == 1;
  ERR_clear_error();
  return valid;
}

Timestamp system_now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

/// Unique among all topics that may speak to us.
std::string id_of(const SnsMessage& message) {
  return message.topic_arn.value_or("") + ' ' + message.message_id.value_or("");
}

}  // namespace

Result<std::string> signed_text(const SnsMessage& message) {
  const std::optional<std::string> type(name(message.type));
  const std::optional<std::string> content(message.message);
  const bool notification = message.type == SnsType::notification;
  struct Line {
    std::string_view name;
    const std::optional<std::string>& value;
    bool used = true;
    bool needed = true;
  };
  const Line lines[] = {
      {"Message", content},
      {"MessageId", message.message_id},
      {"Subject", message.subject, notification, false},
      {"SubscribeURL", message.subscribe_url, !notification},
      {"Timestamp", message.timestamp},
      {"Token", message.token, !notification},
      {"TopicArn", message.topic_arn},
      {"Type", type},
  };
  std::string text;
  for (const Line& line : lines) {
    if (!line.used || (!line.value && !line.needed)) continue;
    if (!line.value) return refuse("expected a " + std::string(line.name) + ", got none");
    text += line.name;
    text += '\n' + *line.value + '\n';
  }
  return text;
}

SnsVerifier::SnsVerifier(const SnsPolicy& policy, Clock clock,
                         std::unique_ptr<SnsCertificates> certificates)
    : policy_(policy),
      clock_(clock ? std::move(clock) : Clock(system_now)),
      certificates_(std::move(certificates)) {}

Result<std::unique_ptr<SnsVerifier>> SnsVerifier::make(const SnsPolicy& policy,
                                                       CertificateFetcher fetch, Clock clock) {
  auto certificates = SnsCertificates::make(policy.trusted_file, std::move(fetch));
  if (!certificates) return tl::unexpected(std::move(certificates.error()));
  std::unique_ptr<SnsVerifier> verifier(
      new SnsVerifier(policy, std::move(clock), std::move(*certificates)));
  for (const std::string& arn : policy.topics) {
    auto topic = read_sns_topic(arn);
    if (!topic) return tl::unexpected(std::move(topic.error()));
    verifier->topics_.emplace(arn, std::move(*topic));
  }
  return verifier;
}

Result<void> SnsVerifier::verify(const SnsMessage& message) {
  const auto topic = topics_.find(message.topic_arn.value_or(""));
  if (topic == topics_.end()) {
    return refuse("expected a message of an allowed topic, got one of " +
                  quoted(message.topic_arn.value_or("none"), 2 * kMaxQuotedBytes));
  }
  const std::string version = message.signature_version.value_or("none");
  const EVP_MD* digest = digest_of(version);
  if (digest == nullptr) return refuse("expected SignatureVersion 1 or 2, got " + quoted(version));
  const auto url = certificate_url(message.signing_cert_url.value_or(""), topic->second);
  if (!url) return tl::unexpected(url.error());
  const auto text = signed_text(message);
  if (!text) return tl::unexpected(text.error());
  if (auto timely = check_time(message); !timely) return timely;
  if (message.message_id->empty() || message.message_id->size() > kMaxIdBytes) {
    return refuse("expected a MessageId of 1 to 128 bytes, got " + quoted(*message.message_id));
  }
  if (remembers(message)) {
    return refuse("expected a new message, got " + quoted(*message.message_id) + " again");
  }
  const auto signature = decode_base64(message.signature.value_or(""));
  if (!signature || signature->empty()) return refuse("expected a Signature in base64");
  const auto key = certificates_->public_key(*url, topic->second.certificate_names, clock_());
  if (!key) return tl::unexpected(key.error());
  if (is_signed(*text, *signature, digest, *key)) return {};
  return refuse("expected the Signature of the message, got another one");
}

Result<void> SnsVerifier::check_time(const SnsMessage& message) const {
  const auto sent = parse_time(*message.timestamp);
  if (!sent) return refuse("expected a Timestamp, got " + quoted(*message.timestamp));
  const Timestamp now = clock_();
  if (*sent + policy_.max_age < now) {
    return refuse(
        "expected a message not older than " +
        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(policy_.max_age).count()) +
        " seconds, got one of " + format_time(*sent));
  }
  if (*sent > now + policy_.max_ahead) {
    return refuse("expected a message of the past, got one of " + format_time(*sent));
  }
  return {};
}

Result<std::string> SnsVerifier::confirmation_url(const SnsMessage& message) {
  if (message.type != SnsType::subscription_confirmation) {
    return refuse("expected a SubscriptionConfirmation, got a " + std::string(name(message.type)));
  }
  if (auto verified = verify(message); !verified) return tl::unexpected(verified.error());
  const auto topic = topics_.find(*message.topic_arn);
  return subscribe_url(*message.subscribe_url, topic->second, *message.token);
}

void SnsVerifier::remember(const SnsMessage& message) {
  const Timestamp now = clock_();
  const std::lock_guard lock(mutex_);
  // What is older is refused for its age.
  const auto period = policy_.max_age + policy_.max_ahead;
  while (!oldest_first_.empty() && (oldest_first_.front().at + period < now ||
                                    oldest_first_.size() >= policy_.max_remembered)) {
    ids_.erase(oldest_first_.front().id);
    oldest_first_.pop();
  }
  std::string id = id_of(message);
  if (ids_.insert(id).second) oldest_first_.push({now, std::move(id)});
}

bool SnsVerifier::remembers(const SnsMessage& message) const {
  const std::lock_guard lock(mutex_);
  return ids_.contains(id_of(message));
}

}  // namespace trailsift::indexer
