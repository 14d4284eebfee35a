#include <utility>

#include "query/session_search.h"

namespace trailsift::query {
namespace {

constexpr std::chrono::hours kUsual{12};

FacetRequest keys_facet() {
  FacetRequest facet{};
  facet.field = field_index("user_identity_access_key_id");
  facet.size = static_cast<std::uint32_t>(kMaxSessionKeys);
  return facet;
}

/// Of the keys, those that another record gave out.
Result<std::vector<Tree>> given_out(const SessionSearch& search, std::vector<Tree> any) {
  std::vector<Tree> foreign;
  if (any.empty()) return foreign;
  const auto events =
      search.newest(any_of(std::move(any)), {}, static_cast<std::uint32_t>(kMaxSessionCandidates));
  if (!events) return tl::unexpected(events.error());
  for (const Event& event : *events) {
    const auto issued = issuance_of(event);
    if (issued) foreign.push_back(equals("user_identity_access_key_id", issued->access_key_id));
  }
  return foreign;
}

/// A console session has many keys, which no record gives out. But two sessions of one role and
/// name that began in one second differ by their keys alone.
Result<Tree> without_others(const SessionSearch& search, const SessionLink& session, Tree mine) {
  const SessionIdentity& who = session.who;
  if (session.evidence != SessionEvidence::access_key) return mine;
  SearchRequest request;
  request.query = clone(mine);
  request.size = 0;
  request.facets.push_back(keys_facet());
  const auto counted = search.run(std::move(request));
  if (!counted) return tl::unexpected(counted.error());
  std::vector<Tree> others;
  for (const FacetCount& key : counted->facets.front().buckets) {
    if (key.value == who.access_key_id) continue;
    others.push_back(leaf_equals(session_paths::kAccessKey, key.value));
  }
  auto foreign = given_out(search, std::move(others));
  if (!foreign) return tl::unexpected(foreign.error());
  if (foreign->empty()) return mine;
  return all_of(trees(std::move(mine), none_of(any_of(std::move(*foreign)))));
}

/// Records of other accounts tell neither key nor date of a session.
Tree bare_uses(const SessionIdentity& who, InTime time) {
  return all_of(trees(equals("user_identity_principal_id", who.principal_id),
                      none_of(exists("session_creation_date")),
                      none_of(exists("user_identity_access_key_id")), Tree{time}));
}

InTime valid_time(const SessionLink& session, Timestamp seen) {
  if (session.evidence && !session.openings.empty()) {
    const Issuance& issued = session.openings.front().issued;
    return {issued.at, issued.expires + std::chrono::milliseconds(1)};
  }
  if (session.who.created) return {*session.who.created, *session.who.created + kUsual};
  return {seen - kUsual, seen + kUsual};
}

}  // namespace

Result<Tree> uses_of(const SessionSearch& search, const SessionLink& session, Timestamp seen) {
  const SessionIdentity& who = session.who;
  std::vector<Tree> any;
  if (!who.access_key_id.empty()) {
    any.push_back(equals("user_identity_access_key_id", who.access_key_id));
  }
  if (who.created && !who.principal_id.empty()) {
    auto dated =
        without_others(search, session,
                       all_of(trees(equals("user_identity_principal_id", who.principal_id),
                                    equals("session_creation_date", format_time(*who.created)))));
    if (!dated) return dated;
    any.push_back(std::move(*dated));
  }
  // Without a session's name it is the id of a user, who does other things as well.
  const bool named = !who.session_name().empty();
  if (named) any.push_back(bare_uses(who, valid_time(session, seen)));
  if (any.empty() && !who.issuer_arn.empty() && who.created) {
    any.push_back(all_of(trees(equals("session_issuer_arn", who.issuer_arn),
                               equals("session_creation_date", format_time(*who.created)))));
  }
  if (any.empty()) return Tree{Nothing{}};
  return any_of(std::move(any));
}

}  // namespace trailsift::query
