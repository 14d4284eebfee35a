#include "query/search.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "query/cursor.h"
#include "query/deadline.h"
#include "query/facets.h"
#include "query/find_hits.h"
#include "query/histogram.h"
#include "query/load_event.h"
#include "query/number_stats.h"
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

Result<void> check(const SearchRequest& request) {
  if (auto checked = check_window(request); !checked) return checked;
  if (auto checked = check_sort(request.sort); !checked) return checked;
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

/// The page of hits, and where it ends. Of an empty page that is where it began.
Result<void> add_page(const SearchRequest& request, std::span<const SegmentHits> hits,
                      const Deadline& deadline, SearchResult& result) {
  const auto keys = deciding_keys(request.sort);
  const auto after = page_begin(request, keys);
  if (!after) return tl::unexpected(after.error());
  const auto first =
      first_hits(keys, hits, *after, std::size_t{request.start} + request.size, deadline);
  if (!first) return tl::unexpected(first.error());
  const std::span<const Hit> page =
      std::span(*first).subspan(std::min<std::size_t>(request.start, first->size()));
  auto events = load_hits(page, request.parts, request.help.pool, deadline);
  if (!events) return tl::unexpected(events.error());
  result.hits = std::move(*events);
  result.cursor = request.cursor;
  if (!request.cursor || first->empty()) return {};
  const auto end = position_of(keys, first->back());
  if (!end) return tl::unexpected(end.error());
  result.cursor = encode_cursor(*end, request.fingerprint, keys);
  return {};
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
Result<void> add_parts(const SearchRequest& request, std::span<const SegmentHits> hits,
                       const Deadline& deadline, SearchResult& result) {
  const std::size_t facets = request.facets.size();
  result.facets.resize(facets);
  result.stats.resize(request.stats.size());
  const auto add_part = [&](std::size_t i) -> Result<void> {
    if (i == 0) return add_page(request, hits, deadline, result);
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
  const Deadline deadline({request.deadline, request.stop, request.gate});
  const auto hits = find_hits(snapshot, request.query, request.time, request.help, deadline);
  if (!hits) return tl::unexpected(hits.error());
  SearchResult result;
  result.found = count_of(*hits);
  if (const auto added = add_parts(request, *hits, deadline, result); !added) {
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
