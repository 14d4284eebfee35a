#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/deadline.h"
#include "query/search.h"
#include "query/session_record.h"
#include "query/tree.h"
#include "schema/error.h"
#include "store/store.h"

/// Sessions: temporary credentials, the call that opened each, and all that was done with them.
/// Nothing is kept of them; every answer is worked out from the records that are there when it is
/// asked for, in whatever order they came. docs/queries.md tells the rules.
namespace trailsift::query {

constexpr std::size_t kMaxSessionDepth = 16;        ///< Sessions in a chain.
constexpr std::size_t kMaxSessionCandidates = 200;  ///< Records looked at for one link.
constexpr std::size_t kMaxSessionKeys = 200;        ///< Access keys of one session told apart.
constexpr std::size_t kMaxSessionChildren = 100;    ///< Listed.
constexpr std::size_t kMaxSessionIdBytes = 2048;

/// Why a session is taken to be the one that a record opened.
enum class SessionEvidence : std::uint8_t {
  access_key,    ///< The record gave out the key that the calls were signed with.
  session_id,    ///< It opened a session of the same id when this one began, or while it was valid.
  sign_in,       ///< The same user signed in, or got a token, at the moment when it began.
  session_name,  ///< It asked for the same role and session name then. Weak: names are free.
};
std::string_view name(SessionEvidence evidence);
/// How far it can be trusted: "certain", "likely" or "weak".
std::string_view confidence(SessionEvidence evidence);

/// A record that opened a session, or may have.
struct SessionOpening {
  std::string event_id;
  std::string event_name;
  std::string recipient_account_id;
  SessionIdentity by;
  Issuance issued;
};

/// One identity of a chain.
struct SessionLink {
  SessionIdentity who;
  bool is_session = false;
  /// How the next identity of the chain opened it. Unset for the last one.
  std::optional<SessionEvidence> evidence;
  /// The records: one, with its copies in other accounts; or, where it is ambiguous, all that are
  /// equally good.
  std::vector<SessionOpening> openings;
  bool ambiguous = false;  ///< The records name different identities: the chain ends here.
};

/// Why a chain goes no further.
enum class ChainEnd : std::uint8_t {
  origin,         ///< Its last identity is no session: a person, a service, a program with keys.
  other_account,  ///< An account, of which the records here tell no more.
  no_record,      ///< The record that opened the last session is not here, or not yet.
  ambiguous,      ///< Several records may have opened it, and they name different identities.
  loop,           ///< It was opened by one that stands in the chain already.
  depth,          ///< There are more than kMaxSessionDepth.
};
std::string_view name(ChainEnd end);

struct SessionTrace {
  std::vector<SessionLink> chain;  ///< The session that was asked for first. Never empty.
  ChainEnd end = ChainEnd::origin;
  Tree uses{Nothing{}};  ///< What was done in that session.
  /// Other sessions of the same id or ARN, by when they began; newest first, up to 20.
  std::vector<std::string> others;
};

struct SessionQuestion {
  /// An event's id, a temporary access key, an assumed role's id (`AROA…:name`) or a session's ARN.
  std::string id;
  std::optional<Timestamp> created;  ///< Of several sessions of an id: the one that began then.
};

struct SessionLimits {
  Help help = {};
  Deadline::Options deadline = {};
};

/// Any thread. Errors: not_found when nothing has the id; bad_request when it stands for no
/// session; those of a search.
Result<SessionTrace> trace_session(const store::Snapshot& snapshot, const SessionQuestion& question,
                                   const SessionLimits& limits);

/// A session that was opened in another one.
struct SessionChild {
  std::string event_id;
  Timestamp at;
  std::string event_name;
  Issuance issued;
};

struct SessionTimeline {
  std::uint64_t count = 0;  ///< Of records: an action that two accounts recorded counts twice.
  std::uint64_t errors = 0;
  std::uint64_t denied = 0;  ///< Of the errors.
  std::optional<Timestamp> first, last;
  /// From the call that opened the session to the first one made in it.
  std::optional<std::chrono::milliseconds> gap;
  /// event_name, event_source, error_code, recipient_account_id, aws_region, source_ip_address,
  /// user_agent, user_identity_access_key_id: the most frequent values.
  std::vector<FacetResult> facets;
  std::vector<SessionChild> children;  ///< Oldest first.
  std::uint64_t child_count = 0;       ///< Of all.
  std::vector<Event> events;           ///< Of the page, oldest first.
  std::optional<std::string> cursor;   ///< Of the next page; none behind the last.
};

struct SessionPage {
  std::uint32_t size = 100;
  std::string cursor;  ///< "": the first page.
  HitParts parts = HitParts::whole;
};

/// What was done in the session that `trace` is of.
Result<SessionTimeline> session_timeline(const store::Snapshot& snapshot, const SessionTrace& trace,
                                         const SessionPage& page, const SessionLimits& limits);

}  // namespace trailsift::query
