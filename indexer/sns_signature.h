#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "indexer/sns_certificates.h"
#include "indexer/sns_message.h"
#include "indexer/sns_topic.h"
#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::indexer {

struct SnsPolicy {
  std::vector<std::string> topics;  ///< ARNs of the topics that may speak to us, each in full.
  /// PEM; "" for the system's roots. See SnsCertificates::make().
  std::string trusted_file;
  std::chrono::milliseconds max_age = std::chrono::hours(1);
  std::chrono::milliseconds max_ahead = std::chrono::minutes(5);  ///< Clocks differ.
  std::size_t max_remembered = 100'000;                           ///< Messages, for max_age.
};

/// Tells whether a message is from SNS and from an allowed topic. Any thread.
class SnsVerifier {
 public:
  using Clock = std::function<Timestamp()>;

  /// An Error when a topic is no ARN or the trusted certificates cannot be read.
  static Result<std::unique_ptr<SnsVerifier>> make(const SnsPolicy& policy,
                                                   CertificateFetcher fetch, Clock clock = {});

  /// Nothing, when the message may be believed: its topic is allowed, it is neither old nor done
  /// already, and its signature (version 1 or 2) is that of a certificate of SNS in the topic's
  /// region. An Error is bad_request when the message is to be refused for good, and unavailable
  /// when its certificate could not be had, so that it should be sent again.
  Result<void> verify(const SnsMessage& message);

  /// Verifies a SubscriptionConfirmation, and answers with the URL that confirms it when asked for.
  Result<std::string> confirmation_url(const SnsMessage& message);

  /// The message was verified and what it says is done: from now on verify() refuses it. SNS sends
  /// a message again under the same id when our answer was lost or an error.
  void remember(const SnsMessage& message);
  /// True for a message that was remembered: its sender can be told that all is well.
  bool remembers(const SnsMessage& message) const;

 private:
  SnsVerifier(const SnsPolicy& policy, Clock clock, std::unique_ptr<SnsCertificates> certificates);
  Result<void> check_time(const SnsMessage& message) const;

  const SnsPolicy policy_;
  const Clock clock_;
  std::map<std::string, SnsTopic, std::less<>> topics_;
  const std::unique_ptr<SnsCertificates> certificates_;

  struct Remembered {
    Timestamp at;
    std::string id;
  };
  mutable std::mutex mutex_;  // Guards everything below.
  std::unordered_set<std::string> ids_;
  std::queue<Remembered> oldest_first_;
};

/// The text that SNS signs: names and values line by line. An Error names a member that is missing.
Result<std::string> signed_text(const SnsMessage& message);

}  // namespace trailsift::indexer
