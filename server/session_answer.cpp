#include "server/session_answer.h"

#include <string>

#include "schema/time.h"

namespace trailsift::server {
namespace {

using query::SessionLink;
using query::SessionOpening;
using query::SessionTimeline;
using query::SessionTrace;

void write_text(JsonOut& out, std::string_view name, const std::string& text) {
  if (!text.empty()) out.member(name, text);
}

template <class Owner, std::size_t Count>
void write_texts(JsonOut& out, const std::array<TextMember<Owner>, Count>& members,
                 const Owner& owner) {
  for (const auto& [name, text] : members) write_text(out, name, owner.*text);
}

void write_identity(JsonOut& out, const query::SessionIdentity& who) {
  write_texts(out, kIdentityTexts, who);
  if (who.created) out.member("created", format_time(*who.created));
}

void write_issued(JsonOut& out, const query::Issuance& issued) {
  out.member("time", format_time(issued.at));
  out.member("expires", format_time(issued.expires));
  write_texts(out, kIssuanceTexts, issued);
}

void write_opening(JsonOut& out, const SessionOpening& opening) {
  out.begin_object();
  out.member("event_id", opening.event_id);
  out.member("event_name", opening.event_name);
  write_text(out, "recipient_account_id", opening.recipient_account_id);
  write_issued(out, opening.issued);
  out.key("by");
  out.begin_object();
  write_identity(out, opening.by);
  out.end_object();
  out.end_object();
}

void write_link(JsonOut& out, const SessionLink& link) {
  out.begin_object();
  out.key("session");
  out.boolean(link.is_session);
  write_identity(out, link.who);
  if (link.evidence) {
    out.member("evidence", name(*link.evidence));
    out.member("confidence", confidence(*link.evidence));
    out.key("ambiguous");
    out.boolean(link.ambiguous);
    out.key("opened_by");
    out.begin_array();
    for (const SessionOpening& opening : link.openings) write_opening(out, opening);
    out.end_array();
  }
  out.end_object();
}

void write_trace(JsonOut& out, const SessionTrace& trace) {
  out.key("chain");
  out.begin_array();
  for (const SessionLink& link : trace.chain) write_link(out, link);
  out.end_array();
  out.member("end", name(trace.end));
  if (trace.others.empty()) return;
  out.key("others");
  out.begin_array();
  for (const std::string& created : trace.others) out.string(created);
  out.end_array();
}

void write_children(JsonOut& out, const SessionTimeline& timeline) {
  out.key("children");
  out.begin_array();
  for (const query::SessionChild& child : timeline.children) {
    out.begin_object();
    out.member("event_id", child.event_id);
    out.member("event_name", child.event_name);
    write_issued(out, child.issued);
    out.end_object();
  }
  out.end_array();
  out.member("child_count", timeline.child_count);
}

Result<void> write_timeline(JsonOut& out, const SessionTimeline& timeline,
                            const std::vector<HitColumn>& columns) {
  out.member("total", timeline.count);
  out.member("errors", timeline.errors);
  out.member("denied", timeline.denied);
  if (timeline.first) out.member("first", format_time(*timeline.first));
  if (timeline.last) out.member("last", format_time(*timeline.last));
  if (timeline.gap) {
    out.key("gap_ms");
    out.raw(std::to_string(timeline.gap->count()));  // Before 0 where clocks differ.
  }
  out.key("facets");
  out.begin_array();
  for (const query::FacetResult& facet : timeline.facets) {
    write_facet(out, field_at(facet.field).name, facet);
  }
  out.end_array();
  write_children(out, timeline);
  if (auto written = write_hits(out, timeline.events, columns); !written) return written;
  if (timeline.cursor) out.member("cursor", *timeline.cursor);
  return {};
}

}  // namespace

Result<void> write_session(JsonOut& out, const query::SessionTrace& trace,
                           const query::SessionTimeline& timeline,
                           const std::vector<HitColumn>& columns) {
  write_trace(out, trace);
  return write_timeline(out, timeline, columns);
}

}  // namespace trailsift::server
