#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "schema/event.h"
#include "schema/time.h"

namespace trailsift::query {

/// No temporary credentials last longer.
constexpr std::chrono::hours kLongestSession{36};

/// The value of a field of one value; empty when the event has none.
std::string text_of(const Event& event, const char* field);

/// Who made a call, as far as one record tells. Empty texts: the record does not say.
struct SessionIdentity {
  std::string type;          ///< "AssumedRole"
  std::string principal_id;  ///< Of a role session: `AROA…:session-name`.
  std::string arn;
  std::string account_id;
  std::string access_key_id;
  std::string invoked_by;
  std::string issuer_arn;       ///< The role or user that the session is of.
  std::string source_identity;  ///< Told when the first session of a chain was opened.
  std::string actor;            ///< See docs/queries.md.
  std::string actor_type;
  std::optional<Timestamp> created;  ///< When the session began.

  /// Whether the call was made with temporary credentials.
  bool is_session() const;
  /// What follows the ":" of principal_id: the name that the session was given.
  std::string session_name() const;
};

SessionIdentity identity_of(const Event& event);

/// What a successful call that opened a session tells of it. Empty texts: the record does not say.
struct Issuance {
  Timestamp at;
  Timestamp expires;          ///< As the record tells or, where it does not, by AWS's defaults.
  std::string access_key_id;  ///< That was given out.
  std::string session_id;     ///< assumedRoleId or federatedUserId: principal_id of the uses.
  std::string session_arn;
  std::string role_arn;  ///< As it was asked for.
  std::string session_name;
  std::string source_identity;
  bool is_sign_in = false;  ///< To the console, which keeps its keys to itself.
};

/// nullopt: the event opened no session. Recognised are calls that answered with credentials,
/// `AssumeRole…`, whose copies in other accounts lack them, and sign-ins to the console.
std::optional<Issuance> issuance_of(const Event& event);

/// A time as STS writes it, `Jul 30, 2021, 1:00:00 AM`, with or without the second comma, or as
/// RFC 3339. In UTC.
std::optional<Timestamp> parse_expiration(std::string_view text);

namespace session_paths {
constexpr std::string_view kAccessKey = "responseElements.credentials.accessKeyId";
constexpr std::string_view kExpiration = "responseElements.credentials.expiration";
constexpr std::string_view kRoleId = "responseElements.assumedRoleUser.assumedRoleId";
constexpr std::string_view kRoleSessionArn = "responseElements.assumedRoleUser.arn";
constexpr std::string_view kUserId = "responseElements.federatedUser.federatedUserId";
constexpr std::string_view kUserArn = "responseElements.federatedUser.arn";
constexpr std::string_view kRoleArn = "requestParameters.roleArn";
constexpr std::string_view kSessionName = "requestParameters.roleSessionName";
constexpr std::string_view kSourceIdentity = "requestParameters.sourceIdentity";
constexpr std::string_view kDuration = "requestParameters.durationSeconds";
constexpr std::string_view kConsoleLogin = "responseElements.ConsoleLogin";
}  // namespace session_paths

}  // namespace trailsift::query
