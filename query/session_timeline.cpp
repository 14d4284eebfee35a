#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "query/access_policy.h"
#include "query/session_search.h"

namespace trailsift::query {
namespace {

constexpr std::array kFacets = {
    "event_name", "event_source",      "error_code", "recipient_account_id",
    "aws_region", "source_ip_address", "user_agent", "user_identity_access_key_id"};
constexpr std::size_t kErrors = 2;   // Of them.
constexpr std::size_t kListed = 50;  // Values of each.
constexpr std::string_view kFirstPage = "initial";

FacetRequest facet_of(const char* field, std::size_t size) {
  FacetRequest facet{};
  facet.field = field_index(field);
  facet.size = static_cast<std::uint32_t>(size);
  return facet;
}

SearchRequest request_for(const SessionTrace& trace, const SessionPage& page) {
  SearchRequest request;
  request.query = clone(trace.uses);
  request.fingerprint = "session\n" + to_string(trace.uses);
  request.sort.push_back({event_time_field(), false});
  request.size = page.size;
  request.parts = page.parts;
  request.cursor = page.cursor.empty() ? std::string(kFirstPage) : page.cursor;
  for (std::size_t i = 0; i < kFacets.size(); ++i) {
    request.facets.push_back(facet_of(kFacets[i], i == kErrors ? kMaxFacetValues : kListed));
  }
  request.facets.push_back(facet_of("event_outcome", 2));
  request.stats.push_back(event_time_field());
  return request;
}

void count(SearchResult& found, SessionTimeline& timeline) {
  for (const FacetCount& outcome : found.facets.back().buckets) {
    if (outcome.value == "failure") timeline.errors = outcome.count;
  }
  found.facets.pop_back();
  auto& codes = found.facets[kErrors].buckets;
  for (const FacetCount& code : codes) {
    if (is_denial(code.value)) timeline.denied += code.count;
  }
  if (codes.size() > kListed) codes.resize(kListed);
  const NumberStats& times = found.stats.front();
  if (times.min) timeline.first = parse_time(*times.min).value();
  if (times.max) timeline.last = parse_time(*times.max).value();
}

/// Calls of STS that answer with credentials. "AssumeRo": AssumeRole…, and AssumeRoot.
Tree openings_in(const Tree& uses) {
  return all_of(trees(clone(uses), equals("event_source", "sts.amazonaws.com"),
                      none_of(exists("error_code")),
                      any_of(trees(Tree{StartsWith{field_index("event_name"), "AssumeRo"}},
                                   equals("event_name", "GetSessionToken"),
                                   equals("event_name", "GetFederationToken")))));
}

Result<void> add_children(const SessionSearch& search, const SessionTrace& trace,
                          SessionTimeline& timeline) {
  SearchRequest request;
  request.query = openings_in(trace.uses);
  request.sort.push_back({event_time_field(), false});
  request.size = static_cast<std::uint32_t>(kMaxSessionChildren);
  auto found = search.run(std::move(request));
  if (!found) return tl::unexpected(found.error());
  timeline.child_count = found->found;
  std::set<std::string> seen;  // One call may be recorded in two accounts.
  for (const Event& event : found->hits) {
    auto issued = issuance_of(event);
    const auto shared = value_of(event, field_index("shared_event_id"));
    if (!issued || !seen.insert(std::string(shared.value_or(event.id))).second) {
      --timeline.child_count;
      continue;
    }
    timeline.children.push_back(
        {event.id, event.time, text_of(event, "event_name"), std::move(*issued)});
  }
  return {};
}

}  // namespace

Result<SessionTimeline> session_timeline(const store::Snapshot& snapshot, const SessionTrace& trace,
                                         const SessionPage& page, const SessionLimits& limits) {
  const SessionSearch search(snapshot, limits);
  auto found = search.run(request_for(trace, page));
  if (!found) return tl::unexpected(found.error());
  SessionTimeline timeline;
  timeline.count = found->found;
  count(*found, timeline);
  const SessionLink& session = trace.chain.front();
  if (timeline.first && session.evidence && !session.ambiguous) {
    timeline.gap = *timeline.first - session.openings.front().issued.at;
  }
  timeline.facets = std::move(found->facets);
  timeline.events = std::move(found->hits);
  if (timeline.events.size() == page.size) timeline.cursor = std::move(found->cursor);
  if (auto added = add_children(search, trace, timeline); !added) {
    return tl::unexpected(added.error());
  }
  return timeline;
}

}  // namespace trailsift::query
