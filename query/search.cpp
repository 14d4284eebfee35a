#include "query/search.h"

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "query/computed_order.h"
#include "query/cursor.h"
#include "query/deadline.h"
#include "query/facets.h"
#include "query/find_hits.h"
#include "query/histogram.h"
#include "query/load_event.h"
#include "query/number_stats.h"
#include "query/score.h"
#include "query/sort.h"

namespace trailsift::query {
namespace {

constexpr std::string_view kInitialCursor = "initial";

Result<void> check_window(const SearchRequest& request) {
  if (request.cursor && request.start > 0) {
    return fail(ErrorCode::bad_request, "expected a start or a cursor, got both");
  }
  const std::uint64_t end = std::uint64_t{request.start} + request.size;
  if (end <= kMaxWindow) return {};
  return fail(ErrorCode::too_large, "expected start + size of at most " +
                                        std::to_string(kMaxWindow) + ", got " +
                                        std::to_string(end) + "; use a cursor to go further");
}

bool orders_by_score(const SearchRequest& request) {
  using Kind = Expression::Operand::Kind;
  return std::ranges::any_of(request.computed_sort, [](const ComputedKey& key) {
    return key.expression == nullptr || key.expression->has_operand(Kind::score);
  });
}

Result<void> check(const SearchRequest& request) {
  if (auto checked = check_window(request); !checked) return checked;
  if (auto checked = check_sort(request.sort); !checked) return checked;
  if (!request.sort.empty() && !request.computed_sort.empty()) {
    return fail(ErrorCode::bad_request, "expected an order by fields or by expressions, got both");
  }
  if (orders_by_score(request) && !request.scored) {
    return fail(ErrorCode::bad_request, "expected a query to score by for an order by scores");
  }
  for (const FacetRequest& facet : request.facets) {
    if (auto checked = check_facet(facet); !checked) return checked;
  }
  for (const FieldIndex field : request.stats) {
    if (auto checked = check_stats(field); !checked) return checked;
  }
  return request.histogram ? check_histogram(*request.histogram) : Result<void>();
}

Result<std::optional<Position>> page_begin(const SearchRequest& request,
                                           std::span<const SortKey> keys) {
  if (!request.cursor || *request.cursor == kInitialCursor) return std::nullopt;
  auto position = decode_cursor(*request.cursor, request.fingerprint, keys);
  if (!position) return tl::unexpected(position.error());
  return std::move(*position);
}

/// The first hits in the request's order, and where the last of them stands.
struct FirstHits {
  std::vector<Hit> hits;
  std::vector<SortKey> keys;
  std::optional<Position> end;
};

Result<FirstHits> first_in_order(const SearchRequest& request, std::span<const SegmentHits> hits,
                                 std::size_t limit, const Deadline& deadline) {
  FirstHits first{{}, cursor_keys(request), {}};
  const auto after = page_begin(request, first.keys);
  if (!after) return tl::unexpected(after.error());
  auto found = first_hits(first.keys, hits, *after, limit, deadline);
  if (!found) return tl::unexpected(found.error());
  first.hits = std::move(*found);
  if (!request.cursor || first.hits.empty()) return first;
  auto end = position_of(first.keys, first.hits.back());
  if (!end) return tl::unexpected(end.error());
  first.end = std::move(*end);
  return first;
}

Result<FirstHits> first_in_computed_order(const SearchRequest& request,
                                          std::span<const SegmentHits> hits, const Scorer* scorer,
                                          std::size_t limit, const Deadline& deadline) {
  FirstHits first{{}, cursor_keys(request), {}};
  const auto after = page_begin(request, first.keys);
  if (!after) return tl::unexpected(after.error());
  const auto found = first_computed(request.computed_sort, hits, scorer, *after, limit, deadline);
  if (!found) return tl::unexpected(found.error());
  for (const ComputedHit& computed : *found) first.hits.push_back(computed.hit);
  if (!request.cursor || found->empty()) return first;
  auto end = position_of(found->back());
  if (!end) return tl::unexpected(end.error());
  first.end = std::move(*end);
  return first;
}

/// nullopt when no score is needed.
Result<std::optional<Scorer>> scorer_for(const SearchRequest& request,
                                         const store::Snapshot& snapshot,
                                         std::span<const SegmentHits> hits,
                                         const Deadline& deadline) {
  if (!request.scored || request.size == 0 || hits.empty()) return std::nullopt;
  auto scorer = Scorer::make(*request.scored, snapshot, request.help, deadline);
  if (!scorer) return tl::unexpected(scorer.error());
  return std::move(*scorer);
}

/// The scores of hits from any segments, in their order.
Result<std::vector<double>> scores_of(std::span<const Hit> page, const Scorer& scorer,
                                      const Deadline& deadline) {
  std::map<const store::Segment*, std::map<DocId, double>> by_segment;
  for (const Hit& hit : page) by_segment[hit.segment][hit.doc] = 0;
  for (auto& [segment, by_doc] : by_segment) {
    std::vector<DocId> docs;
    for (const auto& [doc, score] : by_doc) docs.push_back(doc);
    const auto scores = scorer.scores(*segment, DocSet(docs), deadline);
    if (!scores) return tl::unexpected(scores.error());
    auto score = scores->begin();
    for (auto& [doc, slot] : by_doc) slot = *score++;
  }
  std::vector<double> scores;
  scores.reserve(page.size());
  for (const Hit& hit : page) scores.push_back(by_segment[hit.segment][hit.doc]);
  return scores;
}

/// The page of hits, and where it ends. Of an empty page that is where it began.
Result<void> add_page(const SearchRequest& request, const store::Snapshot& snapshot,
                      std::span<const SegmentHits> hits, const Deadline& deadline,
                      SearchResult& result) {
  const std::size_t limit = std::size_t{request.start} + request.size;
  const auto scorer = scorer_for(request, snapshot, hits, deadline);
  if (!scorer) return tl::unexpected(scorer.error());
  const Scorer* const scores = *scorer ? &**scorer : nullptr;
  const auto first = request.computed_sort.empty()
                         ? first_in_order(request, hits, limit, deadline)
                         : first_in_computed_order(request, hits, scores, limit, deadline);
  if (!first) return tl::unexpected(first.error());
  const std::span<const Hit> page =
      std::span(first->hits).subspan(std::min<std::size_t>(request.start, first->hits.size()));
  auto events = load_hits(page, request.parts, request.help.pool, deadline);
  if (!events) return tl::unexpected(events.error());
  result.hits = std::move(*events);
  if (scores != nullptr) {
    auto scored = scores_of(page, *scores, deadline);
    if (!scored) return tl::unexpected(scored.error());
    result.scores = std::move(*scored);
  }
  result.cursor = request.cursor;
  if (first->end) result.cursor = encode_cursor(*first->end, request.fingerprint, first->keys);
  return {};
}

/// What hits there are; of a partial answer also says how much was searched for them.
Result<std::vector<SegmentHits>> match(const store::Snapshot& snapshot,
                                       const SearchRequest& request, const Deadline& deadline,
                                       SearchResult& result) {
  if (!request.partial || !request.limits.end) {
    return find_hits(snapshot, request.query, request.time, request.help, deadline);
  }
  // What was found has to be counted and sorted as well.
  const auto now = Deadline::Clock::now();
  const Deadline matching(deadline, now + (*request.limits.end - now) / 4 * 3);
  auto found = find_hits_in_time(snapshot, request.query, request.time, request.help, matching);
  if (!found) return tl::unexpected(found.error());
  if (found->searched < snapshot.events()) {
    result.partial = Coverage{found->searched, snapshot.events()};
  }
  return std::move(found->hits);
}

Result<void> add_histogram(const SearchRequest& request, std::span<const SegmentHits> hits,
                           const Deadline& deadline, SearchResult& result) {
  if (!request.histogram) return {};
  auto histogram = count_histogram(*request.histogram, hits, deadline);
  if (!histogram) return tl::unexpected(histogram.error());
  result.histogram = std::move(*histogram);
  return {};
}

Result<void> add_stats(FieldIndex field, std::span<const SegmentHits> hits,
                       const Deadline& deadline, NumberStats& stats) {
  auto counted = number_stats(field, hits, deadline);
  if (!counted) return tl::unexpected(counted.error());
  stats = std::move(*counted);
  return {};
}

/// The page, the histogram, each facet and each field's statistics are tasks of their own.
Result<void> add_parts(const SearchRequest& request, const store::Snapshot& snapshot,
                       std::span<const SegmentHits> hits, const Deadline& deadline,
                       SearchResult& result) {
  const std::size_t facets = request.facets.size();
  result.facets.resize(facets);
  result.stats.resize(request.stats.size());
  const auto add_part = [&](std::size_t i) -> Result<void> {
    if (i == 0) return add_page(request, snapshot, hits, deadline, result);
    if (i == facets + 1) return add_histogram(request, hits, deadline, result);
    if (i > facets) {
      const std::size_t stats = i - facets - 2;
      return add_stats(request.stats[stats], hits, deadline, result.stats[stats]);
    }
    auto counts = count_facet(request.facets[i - 1], hits, deadline);
    if (!counts) return tl::unexpected(counts.error());
    result.facets[i - 1] = std::move(*counts);
    return {};
  };
  return run_all(facets + 2 + request.stats.size(), result.found, request.help, add_part);
}

}  // namespace

Result<SearchResult> search(const store::Snapshot& snapshot, const SearchRequest& request) {
  if (const auto checked = check(request); !checked) return tl::unexpected(checked.error());
  const Deadline deadline(request.limits);
  SearchResult result;
  const auto hits = match(snapshot, request, deadline, result);
  if (!hits) return tl::unexpected(hits.error());
  result.found = count_of(*hits);
  if (const auto added = add_parts(request, snapshot, *hits, deadline, result); !added) {
    return tl::unexpected(added.error());
  }
  return result;
}

Result<Event> find_event(const store::Snapshot& snapshot, std::string_view event_id) {
  for (const auto& segment : snapshot.segments) {
    const auto doc = segment->find(event_id);
    if (!doc) return tl::unexpected(doc.error());
    if (*doc) return load_event(*segment, **doc);
  }
  return fail(ErrorCode::not_found,
              "there is no event with the id '" + std::string(event_id) + "'");
}

}  // namespace trailsift::query
