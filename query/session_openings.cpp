#include <algorithm>
#include <map>
#include <utility>

#include "query/session_search.h"

namespace trailsift::query {
namespace {

using namespace std::chrono_literals;

/// A session's date and the time of the record that opened it are those of two clocks.
constexpr std::chrono::milliseconds kClocks = 2s;
constexpr std::uint32_t kMaxCopies = 20;

struct Candidate {
  Event event;
  Issuance issued;
};

/// Whether the session can have been opened then.
bool is_then(const Issuance& issued, const SessionIdentity& who, Timestamp seen) {
  if (who.created) return std::chrono::abs(issued.at - *who.created) <= kClocks;
  return issued.at <= seen && seen <= issued.expires;
}

bool contradicts(const std::string& one, const std::string& other) {
  return !one.empty() && !other.empty() && one != other;
}

/// The events of a query that opened a session and pass `fits`.
template <class Fits>
Result<std::vector<Candidate>> candidates(const SessionSearch& search, Tree query, InTime time,
                                          const Fits& fits) {
  auto events =
      search.newest(std::move(query), time, static_cast<std::uint32_t>(kMaxSessionCandidates));
  if (!events) return tl::unexpected(events.error());
  std::vector<Candidate> found;
  for (Event& event : *events) {
    auto issued = issuance_of(event);
    if (issued && fits(*issued)) found.push_back({std::move(event), std::move(*issued)});
  }
  return found;
}

/// A key is used only after it was given out, and not for longer than any lasts.
Result<std::vector<Candidate>> by_key(const SessionSearch& search, const SessionIdentity& who,
                                      Timestamp seen) {
  if (who.access_key_id.empty()) return std::vector<Candidate>();
  return candidates(search, leaf_equals(session_paths::kAccessKey, who.access_key_id),
                    {seen - kLongestSession, seen + kClocks + 1ms},
                    [](const Issuance&) { return true; });
}

Result<std::vector<Candidate>> by_id(const SessionSearch& search, const SessionIdentity& who,
                                     Timestamp seen) {
  if (who.session_name().empty()) return std::vector<Candidate>();
  return candidates(search,
                    any_of(trees(leaf_equals(session_paths::kRoleId, who.principal_id),
                                 leaf_equals(session_paths::kUserId, who.principal_id))),
                    opening_time(who, seen),
                    [&](const Issuance& issued) { return is_then(issued, who, seen); });
}

/// A user's own sessions have the user's id.
Result<std::vector<Candidate>> by_sign_in(const SessionSearch& search, const SessionIdentity& who,
                                          Timestamp seen) {
  if (!who.session_name().empty() || who.principal_id.empty() || !who.created) {
    return std::vector<Candidate>();
  }
  return candidates(search,
                    all_of(trees(equals("user_identity_principal_id", who.principal_id),
                                 any_of(trees(equals("event_name", "GetSessionToken"),
                                              equals("event_name", "ConsoleLogin"))))),
                    opening_time(who, seen), [&](const Issuance& issued) {
                      return issued.session_id.empty() && is_then(issued, who, seen) &&
                             !contradicts(issued.access_key_id, who.access_key_id);
                    });
}

Result<std::vector<Candidate>> by_name(const SessionSearch& search, const SessionIdentity& who,
                                       Timestamp seen) {
  if (who.session_name().empty() || who.issuer_arn.empty()) return std::vector<Candidate>();
  return candidates(search,
                    all_of(trees(leaf_equals(session_paths::kSessionName, who.session_name()),
                                 leaf_equals(session_paths::kRoleArn, who.issuer_arn))),
                    opening_time(who, seen), [&](const Issuance& issued) {
                      return is_then(issued, who, seen) &&
                             !contradicts(issued.session_id, who.principal_id) &&
                             !contradicts(issued.access_key_id, who.access_key_id);
                    });
}

/// Keeps those whose time is nearest to that of the session.
void keep_nearest(std::vector<Candidate>& found, const SessionIdentity& who, Timestamp seen) {
  const Timestamp moment = who.created.value_or(seen);
  const auto distance = [&](const Candidate& candidate) {
    return std::chrono::abs(candidate.issued.at - moment);
  };
  const auto nearest = distance(*std::ranges::min_element(found, {}, distance));
  std::erase_if(found, [&](const Candidate& candidate) { return distance(candidate) > nearest; });
}

/// How much a record tells of who opened the session; that of another account tells least.
int fullness(const SessionIdentity& by) {
  if (by.type == "AWSAccount") return 0;
  return by.access_key_id.empty() ? 1 : 2;
}

bool same_identity(const SessionIdentity& a, const SessionIdentity& b) {
  return a.type == b.type && a.principal_id == b.principal_id && a.arn == b.arn &&
         a.access_key_id == b.access_key_id && a.created == b.created &&
         a.invoked_by == b.invoked_by;
}

std::string shared_id(const Event& event) {
  return std::string(value_of(event, field_index("shared_event_id")).value_or(event.id));
}

/// Adds the copies of records in other accounts.
Result<void> add_copies(const SessionSearch& search, std::vector<Candidate>& found) {
  std::vector<Tree> ids;
  for (const Candidate& candidate : found) {
    std::string id = shared_id(candidate.event);
    if (id != candidate.event.id) ids.push_back(equals("shared_event_id", std::move(id)));
  }
  if (ids.empty()) return {};
  auto copies =
      candidates(search, any_of(std::move(ids)), {}, [](const Issuance&) { return true; });
  if (!copies) return tl::unexpected(copies.error());
  for (Candidate& copy : *copies) {
    const bool known = std::ranges::any_of(
        found, [&](const Candidate& other) { return other.event.id == copy.event.id; });
    if (!known && found.size() < kMaxCopies) found.push_back(std::move(copy));
  }
  return {};
}

/// Whether the records are of different actions by different identities.
bool are_ambiguous(const std::vector<Candidate>& found) {
  std::map<std::string, SessionIdentity> fullest;
  for (const Candidate& candidate : found) {
    SessionIdentity by = identity_of(candidate.event);
    const auto [at, fresh] = fullest.try_emplace(shared_id(candidate.event), by);
    if (!fresh && fullness(by) > fullness(at->second)) at->second = std::move(by);
  }
  return std::ranges::any_of(fullest, [&](const auto& row) {
    return !same_identity(row.second, fullest.begin()->second);
  });
}

Result<FoundOpenings> settled(const SessionSearch& search, std::vector<Candidate> found,
                              SessionEvidence evidence) {
  if (auto added = add_copies(search, found); !added) return tl::unexpected(added.error());
  FoundOpenings result{evidence, {}, are_ambiguous(found)};
  for (Candidate& candidate : found) {
    result.openings.push_back(opening_of(candidate.event, std::move(candidate.issued)));
  }
  std::ranges::sort(result.openings, [](const SessionOpening& a, const SessionOpening& b) {
    const int full = fullness(b.by) - fullness(a.by);
    return full != 0 ? full < 0 : a.event_id < b.event_id;
  });
  return result;
}

}  // namespace

SessionOpening opening_of(const Event& event, Issuance issued) {
  return {event.id, text_of(event, "event_name"), text_of(event, "recipient_account_id"),
          identity_of(event), std::move(issued)};
}

InTime opening_time(const SessionIdentity& who, Timestamp seen) {
  if (who.created) return {*who.created - kClocks, *who.created + kClocks + 1ms};
  return {seen - kLongestSession, seen + 1ms};
}

Result<FoundOpenings> find_openings(const SessionSearch& search, const SessionIdentity& who,
                                    Timestamp seen) {
  using Find =
      Result<std::vector<Candidate>> (*)(const SessionSearch&, const SessionIdentity&, Timestamp);
  constexpr std::pair<SessionEvidence, Find> kWays[] = {{SessionEvidence::access_key, by_key},
                                                        {SessionEvidence::session_id, by_id},
                                                        {SessionEvidence::sign_in, by_sign_in},
                                                        {SessionEvidence::session_name, by_name}};
  for (const auto& [evidence, find] : kWays) {
    auto found = find(search, who, seen);
    if (!found) return tl::unexpected(found.error());
    if (found->empty()) continue;
    // A key is given out once, so its time matters no further.
    if (evidence != SessionEvidence::access_key) keep_nearest(*found, who, seen);
    return settled(search, std::move(*found), evidence);
  }
  return FoundOpenings{};
}

}  // namespace trailsift::query
