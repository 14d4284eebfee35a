#include "cli/session_answer.h"

#include <array>
#include <string>
#include <utility>

#include "cli/answer_json.h"
#include "cli/server_answers.h"
#include "server/session_answer.h"

namespace trailsift::cli {
namespace {

using query::ChainEnd;
using query::SessionEvidence;
using query::SessionIdentity;
using query::SessionLink;
using query::SessionOpening;

/// The one of an enumeration, up to `last`, that has this name.
template <class Enum>
Enum named(Members& members, const char* member, Enum last) {
  const std::string text = members.text(member);
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (name(static_cast<Enum>(i)) == text) return static_cast<Enum>(i);
  }
  members.refuse(bad_answer("a known " + std::string(member)));
  return last;
}

template <class Owner, std::size_t Count>
void read_texts(Members& told, const std::array<server::TextMember<Owner>, Count>& members,
                Owner& owner) {
  for (const auto& [name, text] : members) owner.*text = told.text_or_none(name);
}

SessionIdentity identity_of(Members& told) {
  SessionIdentity who;
  read_texts(told, server::kIdentityTexts, who);
  who.created = told.time_if("created");
  return who;
}

query::Issuance issuance_of(Members& told) {
  query::Issuance issued;
  issued.at = told.time("time");
  issued.expires = told.time("expires");
  read_texts(told, server::kIssuanceTexts, issued);
  return issued;
}

Result<SessionOpening> opening_of(const Json& told) {
  Members members(told, "a record");
  Members by(members.object("by"), "by");
  SessionOpening opening{members.text("event_id"), members.text("event_name"),
                         members.text_or_none("recipient_account_id"), identity_of(by),
                         issuance_of(members)};
  members.check(by.result());
  return members.result(std::move(opening));
}

Result<SessionLink> link_of(const Json& told) {
  Members members(told, "an identity");
  SessionLink link;
  link.who = identity_of(members);
  link.is_session = members.flag("session");
  link.ambiguous = members.flag("ambiguous");
  if (members.find("evidence") != nullptr) {
    link.evidence = named(members, "evidence", SessionEvidence::session_name);
    link.openings = members.rows("opened_by", opening_of);
  }
  return members.result(std::move(link));
}

Result<query::SessionChild> child_of(const Json& told) {
  Members members(told, "a session");
  query::SessionChild child{
      members.text("event_id"), {}, members.text("event_name"), issuance_of(members)};
  child.at = child.issued.at;
  return members.result(std::move(child));
}

Result<std::string> created_of(const Json& told) {
  if (!told.IsString()) return bad_answer("texts for others");
  return text_of(told);
}

query::SessionTrace trace_of(Members& members) {
  query::SessionTrace trace;
  trace.chain = members.rows("chain", link_of);
  trace.end = named(members, "end", ChainEnd::depth);
  if (members.find("others") != nullptr) trace.others = members.rows("others", created_of);
  return trace;
}

query::SessionTimeline timeline_of(Members& members) {
  query::SessionTimeline timeline;
  timeline.count = members.number("total");
  timeline.errors = members.number("errors");
  timeline.denied = members.number("denied");
  timeline.first = members.time_if("first");
  timeline.last = members.time_if("last");
  if (timeline.first && !timeline.last) members.refuse(bad_answer("a text for last"));
  if (const Json* const gap = members.find("gap_ms")) {
    if (gap->IsInt64()) timeline.gap = std::chrono::milliseconds(gap->GetInt64());
    if (!gap->IsInt64()) members.refuse(bad_answer("a number for gap_ms"));
  }
  timeline.facets = members.rows("facets", facet_of);
  timeline.children = members.rows("children", child_of);
  timeline.child_count = members.number("child_count");
  timeline.events = members.rows("hits", hit_of);
  if (members.find("cursor") != nullptr) timeline.cursor = members.text("cursor");
  return timeline;
}

}  // namespace

Result<ToldSession> read_session_answer(std::string_view json) {
  const auto answer = parse_answer(json);
  if (!answer) return tl::unexpected(answer.error());
  Members members(*answer, "the answer");
  ToldSession told{trace_of(members), timeline_of(members)};
  return members.result(std::move(told));
}

}  // namespace trailsift::cli
