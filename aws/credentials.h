#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::aws {

using Instant = std::chrono::system_clock::time_point;
using Clock = std::function<Instant()>;

/// The same moment by the system's clock; its first or last one for those that it has no place for,
/// which are before 1677 and after 2262.
Instant to_instant(Timestamp time);

/// Keys of one caller. No operator prints them; do not log them.
struct Credentials {
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;       ///< "": keys that last.
  std::optional<Instant> expires;  ///< None: they do not expire.
  std::string source;              ///< For people: "profile 'audit' in ~/.aws/credentials".
};

/// One place that credentials come from. Any thread.
class CredentialsProvider {
 public:
  virtual ~CredentialsProvider() = default;
  /// Fresh credentials. `not_found`: this source is not set up here. `denied`: it is, and refuses.
  /// Else as HttpClient::send. Messages hold no secret.
  virtual Result<Credentials> fetch(const std::stop_token& stop) = 0;
};

/// Refreshed so long before they expire.
constexpr std::chrono::minutes kRefreshBeforeExpiry{5};

/// Keeps what a provider gave until kRefreshBeforeExpiry. One thread refreshes at a time; the
/// others wait for it, or use what they have as long as that is valid. If a refresh fails while the
/// credentials are still valid, they are used on, and asked for again after a minute. Any thread.
class CredentialsCache {
 public:
  CredentialsCache(std::unique_ptr<CredentialsProvider> provider, Clock clock);
  ~CredentialsCache();

  Result<Credentials> get(const std::stop_token& stop);

  /// AWS called the credentials with this key expired or unknown: the next get() asks anew, unless
  /// another thread has done so meanwhile.
  void reject(const std::string& access_key_id);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace trailsift::aws
