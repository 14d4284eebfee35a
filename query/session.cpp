#include "query/session.h"

#include <algorithm>
#include <set>
#include <utility>

#include "query/session_search.h"

namespace trailsift::query {
namespace {

constexpr std::uint32_t kMaxOthers = 20;

/// Where a chain begins.
struct Start {
  SessionIdentity who;
  Timestamp seen;
  std::vector<std::string> others;
};

/// The session that a record opened, as far as that record tells.
Start start_of(const Event& event, const Issuance& issued) {
  const SessionIdentity by = identity_of(event);
  SessionIdentity who;
  const bool own = issued.session_id.empty() && issued.role_arn.empty();
  who.type = own                                                      ? by.type
             : issued.session_arn.empty() || !issued.role_arn.empty() ? "AssumedRole"
                                                                      : "FederatedUser";
  who.principal_id = own ? by.principal_id : issued.session_id;
  who.arn = own ? by.arn : issued.session_arn;
  who.access_key_id = issued.access_key_id;
  who.issuer_arn = issued.role_arn;
  who.source_identity = issued.source_identity;
  if (who.principal_id.empty() && !issued.session_name.empty()) {
    who.principal_id = ":" + issued.session_name;  // The role's id is not known here.
  }
  who.created = event.time;
  return {std::move(who), event.time, {}};
}

/// The copy of a record that tells most of the session that was opened.
Result<Event> fullest_copy(const SessionSearch& search, Event event) {
  const auto shared = value_of(event, field_index("shared_event_id"));
  if (!shared || !issuance_of(event)->access_key_id.empty()) return event;
  auto copies = search.newest(equals("shared_event_id", std::string(*shared)), {}, 20);
  if (!copies) return tl::unexpected(copies.error());
  for (Event& copy : *copies) {
    const auto issued = issuance_of(copy);
    if (issued && !issued->access_key_id.empty()) return std::move(copy);
  }
  return event;
}

Result<Start> start_at(const SessionSearch& search, Event event) {
  if (issuance_of(event)) {
    auto fullest = fullest_copy(search, std::move(event));
    if (!fullest) return tl::unexpected(fullest.error());
    return start_of(*fullest, *issuance_of(*fullest));
  }
  SessionIdentity who = identity_of(event);
  if (who.is_session()) return Start{std::move(who), event.time, {}};
  return fail(ErrorCode::bad_request,
              "expected an event that opened a session or was made in one; '" + event.id +
                  "' was made by " + (who.actor.empty() ? "nobody known" : "'" + who.actor + "'") +
                  " without one");
}

tl::unexpected<Error> nothing_has(const std::string& id) {
  return fail(ErrorCode::not_found,
              "there is no event, access key or session with the id '" + id.substr(0, 200) + "'");
}

/// The dates of the sessions that these events were made in, but for `mine`.
Result<std::vector<std::string>> other_dates(const SessionSearch& search, Tree query,
                                             const std::optional<Timestamp>& mine) {
  SearchRequest request;
  request.query = std::move(query);
  request.size = 0;
  FacetRequest facet{};
  facet.field = field_index("session_creation_date");
  facet.size = static_cast<std::uint32_t>(kMaxFacetValues);
  facet.order = FacetRequest::Order::by_value;
  request.facets.push_back(std::move(facet));
  const auto counted = search.run(std::move(request));
  if (!counted) return tl::unexpected(counted.error());
  std::vector<std::string> dates;
  const std::string known = mine ? format_time(*mine) : std::string();
  for (const FacetCount& date : counted->facets.front().buckets) {
    if (date.value != known) dates.push_back(date.value);
  }
  std::ranges::reverse(dates);
  if (dates.size() > kMaxOthers) dates.resize(kMaxOthers);
  return dates;
}

/// By what the uses of a session say, or the record that opened it.
Result<std::optional<Start>> start_by(const SessionSearch& search, Tree uses, Tree opened,
                                      const SessionQuestion& question, bool may_be_several) {
  Tree wanted = clone(uses);
  InTime opened_at;
  if (question.created) {
    wanted = all_of(
        trees(std::move(wanted), equals("session_creation_date", format_time(*question.created))));
    SessionIdentity who;
    who.created = question.created;
    opened_at = opening_time(who, {});
  }
  auto found = search.newest(std::move(wanted), {}, 1);
  if (!found) return tl::unexpected(found.error());
  std::optional<Start> start;
  if (!found->empty()) {
    start = Start{identity_of(found->front()), found->front().time, {}};
  } else {
    auto openings = search.newest(std::move(opened), opened_at, kMaxOthers);
    if (!openings) return tl::unexpected(openings.error());
    const auto opening = std::ranges::find_if(
        *openings, [](const Event& event) { return issuance_of(event).has_value(); });
    if (opening == openings->end()) return start;
    start = start_of(*opening, *issuance_of(*opening));
  }
  if (!may_be_several) return start;
  auto others = other_dates(search, std::move(uses), start->who.created);
  if (!others) return tl::unexpected(others.error());
  start->others = std::move(*others);
  return start;
}

Result<Start> find_start(const SessionSearch& search, const SessionQuestion& question) {
  const std::string& id = question.id;
  if (id.empty() || id.size() > kMaxSessionIdBytes) {
    return fail(ErrorCode::bad_request, "expected an id of 1 to " +
                                            std::to_string(kMaxSessionIdBytes) + " bytes, got " +
                                            std::to_string(id.size()));
  }
  auto event = find_event(search.snapshot(), id);
  if (event) return start_at(search, std::move(*event));
  if (event.error().code != ErrorCode::not_found) return tl::unexpected(event.error());
  if (id.starts_with("AKIA")) {
    return fail(ErrorCode::bad_request,
                "expected a temporary access key (ASIA…), got '" + id.substr(0, 200) +
                    "', which is a user's own: search for user_identity_access_key_id");
  }
  Result<std::optional<Start>> start;
  if (id.starts_with("arn:")) {
    start = start_by(search, equals("user_identity_arn", id),
                     any_of(trees(leaf_equals(session_paths::kRoleSessionArn, id),
                                  leaf_equals(session_paths::kUserArn, id))),
                     question, true);
  } else if (id.find(':') != std::string::npos) {
    start = start_by(search, equals("user_identity_principal_id", id),
                     any_of(trees(leaf_equals(session_paths::kRoleId, id),
                                  leaf_equals(session_paths::kUserId, id))),
                     question, true);
  } else {
    start = start_by(search, equals("user_identity_access_key_id", id),
                     leaf_equals(session_paths::kAccessKey, id), question, false);
  }
  if (!start) return tl::unexpected(start.error());
  if (!*start) return nothing_has(id);
  if (!(*start)->who.is_session()) {
    return fail(ErrorCode::bad_request, "expected the id of a session, got '" + id.substr(0, 200) +
                                            "', which is that of '" + (*start)->who.actor + "'");
  }
  return std::move(**start);
}

void fill(std::string& text, std::string& other) {
  if (text.empty()) text = std::move(other);
}

/// Learns the rest of an identity from a call that was made in the session.
Result<void> complete(const SessionSearch& search, SessionIdentity& who) {
  const bool bare = who.principal_id.empty() || who.principal_id.starts_with(':');
  if (!bare && who.created && !who.arn.empty() && !who.issuer_arn.empty() && !who.actor.empty()) {
    return {};
  }
  Tree uses{Nothing{}};
  if (!who.access_key_id.empty()) {
    uses = equals("user_identity_access_key_id", who.access_key_id);
  } else if (!who.created) {
    return {};
  } else if (!bare) {
    uses = all_of(trees(equals("user_identity_principal_id", who.principal_id),
                        equals("session_creation_date", format_time(*who.created))));
  } else if (!who.issuer_arn.empty()) {
    uses = all_of(trees(equals("session_issuer_arn", who.issuer_arn),
                        equals("session_name", who.session_name()),
                        equals("session_creation_date", format_time(*who.created))));
  }
  auto found = search.newest(std::move(uses), {}, 1);
  if (!found || found->empty()) return found ? Result<void>() : tl::unexpected(found.error());
  SessionIdentity use = identity_of(found->front());
  if (bare && !use.principal_id.empty()) who.principal_id = std::move(use.principal_id);
  if (use.created) who.created = use.created;
  fill(who.type, use.type);
  fill(who.arn, use.arn);
  fill(who.account_id, use.account_id);
  fill(who.issuer_arn, use.issuer_arn);
  fill(who.source_identity, use.source_identity);
  fill(who.actor, use.actor);
  fill(who.actor_type, use.actor_type);
  return {};
}

/// The same for each record of one session.
std::string mark_of(const SessionIdentity& who) {
  if (who.created && !who.principal_id.empty()) {
    return who.principal_id + '\n' + format_time(*who.created);
  }
  return who.access_key_id.empty() ? who.principal_id + who.arn : who.access_key_id;
}

/// Follows a chain from one session to the one that opened it.
class Chain {
 public:
  explicit Chain(const SessionSearch& search) : search_(search) {}

  Result<SessionTrace> follow(Start start) {
    trace_.others = std::move(start.others);
    const Timestamp first_seen = start.seen;
    SessionIdentity who = std::move(start.who);
    Timestamp seen = start.seen;
    while (true) {
      auto next = add_session(std::move(who), seen);
      if (!next) return tl::unexpected(next.error());
      if (!*next) break;
      who = (*next)->by;
      seen = (*next)->issued.at;
    }
    auto uses = uses_of(search_, trace_.chain.front(), first_seen);
    if (!uses) return tl::unexpected(uses.error());
    trace_.uses = std::move(*uses);
    return std::move(trace_);
  }

 private:
  /// Adds a session; what opened it, when that was done in another session.
  Result<std::optional<SessionOpening>> add_session(SessionIdentity who, Timestamp seen) {
    if (auto done = complete(search_, who); !done) return tl::unexpected(done.error());
    if (!marks_.insert(mark_of(who)).second) return ends(ChainEnd::loop);
    if (trace_.chain.size() == kMaxSessionDepth) return ends(ChainEnd::depth);
    auto found = find_openings(search_, who, seen);
    if (!found) return tl::unexpected(found.error());
    learn(who, *found);
    trace_.chain.push_back(
        {std::move(who), true, found->evidence, std::move(found->openings), found->ambiguous});
    const SessionLink& link = trace_.chain.back();
    if (!link.evidence) return ends(ChainEnd::no_record);
    if (link.ambiguous) return ends(ChainEnd::ambiguous);
    const SessionOpening& opening = link.openings.front();
    if (opening.by.is_session()) return std::optional(opening);
    const bool elsewhere = opening.by.type == "AWSAccount";
    trace_.chain.push_back({opening.by, false, {}, {}, false});
    return ends(elsewhere ? ChainEnd::other_account : ChainEnd::origin);
  }

  /// What the record that opened a session tells of it, where nothing was done in it.
  static void learn(SessionIdentity& who, const FoundOpenings& found) {
    if (found.openings.empty() || found.ambiguous) return;
    for (const SessionOpening& opening : found.openings) {
      Issuance issued = opening.issued;
      fill(who.arn, issued.session_arn);
      fill(who.issuer_arn, issued.role_arn);
      fill(who.source_identity, issued.source_identity);
    }
  }

  Result<std::optional<SessionOpening>> ends(ChainEnd end) {
    trace_.end = end;
    return std::optional<SessionOpening>();
  }

  const SessionSearch& search_;
  SessionTrace trace_;
  std::set<std::string> marks_;
};

}  // namespace

std::string_view name(SessionEvidence evidence) {
  switch (evidence) {
    case SessionEvidence::access_key: return "access_key";
    case SessionEvidence::session_id: return "session_id";
    case SessionEvidence::sign_in: return "sign_in";
    case SessionEvidence::session_name: return "session_name";
  }
  return "";
}

std::string_view confidence(SessionEvidence evidence) {
  if (evidence == SessionEvidence::access_key) return "certain";
  return evidence == SessionEvidence::session_name ? "weak" : "likely";
}

std::string_view name(ChainEnd end) {
  switch (end) {
    case ChainEnd::origin: return "origin";
    case ChainEnd::other_account: return "other_account";
    case ChainEnd::no_record: return "no_record";
    case ChainEnd::ambiguous: return "ambiguous";
    case ChainEnd::loop: return "loop";
    case ChainEnd::depth: return "depth";
  }
  return "";
}

Result<SessionTrace> trace_session(const store::Snapshot& snapshot, const SessionQuestion& question,
                                   const SessionLimits& limits) {
  const SessionSearch search(snapshot, limits);
  auto start = find_start(search, question);
  if (!start) return tl::unexpected(start.error());
  return Chain(search).follow(std::move(*start));
}

}  // namespace trailsift::query
