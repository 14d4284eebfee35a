#pragma once

#include <array>
#include <string>
#include <vector>

#include "query/session.h"
#include "server/hit_columns.h"
#include "server/json_out.h"

namespace trailsift::server {

/// A member that is a text, and is told unless that is empty.
template <class Owner>
struct TextMember {
  const char* name;
  std::string Owner::*text;
};
using IdentityText = TextMember<query::SessionIdentity>;
inline constexpr std::array kIdentityTexts = {
    IdentityText{"type", &query::SessionIdentity::type},
    IdentityText{"actor", &query::SessionIdentity::actor},
    IdentityText{"actor_type", &query::SessionIdentity::actor_type},
    IdentityText{"principal_id", &query::SessionIdentity::principal_id},
    IdentityText{"arn", &query::SessionIdentity::arn},
    IdentityText{"account_id", &query::SessionIdentity::account_id},
    IdentityText{"access_key_id", &query::SessionIdentity::access_key_id},
    IdentityText{"issuer_arn", &query::SessionIdentity::issuer_arn},
    IdentityText{"source_identity", &query::SessionIdentity::source_identity},
    IdentityText{"invoked_by", &query::SessionIdentity::invoked_by},
};
using IssuanceText = TextMember<query::Issuance>;
inline constexpr std::array kIssuanceTexts = {
    IssuanceText{"access_key_id", &query::Issuance::access_key_id},
    IssuanceText{"session_id", &query::Issuance::session_id},
    IssuanceText{"role_arn", &query::Issuance::role_arn},
    IssuanceText{"session_name", &query::Issuance::session_name},
};

/// The members that tell a session: its chain and what was done in it, with these columns of each
/// event (docs/api.md). too_large when the text would pass kMaxAnswerBytes.
Result<void> write_session(JsonOut& out, const query::SessionTrace& trace,
                           const query::SessionTimeline& timeline,
                           const std::vector<HitColumn>& columns);

}  // namespace trailsift::server
