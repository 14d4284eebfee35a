#include "query/find_hits.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "query/evaluate.h"

namespace trailsift::query {

Result<void> run_all(std::size_t count, std::uint64_t documents, const Help& help,
                     const ThreadPool::Task& task) {
  if (help.pool != nullptr && documents >= help.least_documents) return help.pool->run(count, task);
  for (std::size_t index = 0; index < count; ++index) {
    if (auto done = task(index); !done) return done;
  }
  return {};
}

namespace {

Result<void> match(const store::Segment& segment, const Tree& query, const InTime& time,
                   const Deadline& deadline, SegmentHits& hits) {
  if (auto in_time = deadline.check(); !in_time) return in_time;
  auto docs = evaluate(query, segment, time, deadline);
  if (!docs) return tl::unexpected(docs.error());
  hits = {&segment, std::move(*docs)};
  return {};
}

/// The places of the segments, those with the newest events first.
std::vector<std::size_t> newest_first(const store::Snapshot& snapshot) {
  std::vector<std::size_t> order(snapshot.segments.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, std::greater{}, [&](std::size_t segment) {
    return snapshot.segments[segment]->newest();
  });
  return order;
}

/// The hits of each segment at its place, the newest looked at first. With `may_miss` no segment
/// stands where the time was over before.
Result<std::vector<SegmentHits>> match_all(const store::Snapshot& snapshot, const Tree& query,
                                           const InTime& time, const Help& help,
                                           const Deadline& deadline, bool may_miss) {
  const auto order = newest_first(snapshot);
  std::vector<SegmentHits> hits(order.size());
  const auto match_one = [&](std::size_t i) -> Result<void> {
    const std::size_t segment = order[i];
    auto matched = match(*snapshot.segments[segment], query, time, deadline, hits[segment]);
    const bool late =
        !matched && matched.error().code == ErrorCode::too_large && deadline.is_over();
    return late && may_miss ? Result<void>() : matched;
  };
  const auto matched = run_all(order.size(), snapshot.events(), help, match_one);
  if (!matched) return tl::unexpected(matched.error());
  return hits;
}

void drop_empty(std::vector<SegmentHits>& hits) {
  std::erase_if(hits, [](const SegmentHits& segment) { return segment.docs.empty(); });
}

}  // namespace

Result<std::vector<SegmentHits>> find_hits(const store::Snapshot& snapshot, const Tree& query,
                                           const InTime& time, const Help& help,
                                           const Deadline& deadline) {
  auto hits = match_all(snapshot, query, time, help, deadline, false);
  if (hits) drop_empty(*hits);
  return hits;
}

Result<PartialHits> find_hits_in_time(const store::Snapshot& snapshot, const Tree& query,
                                      const InTime& time, const Help& help,
                                      const Deadline& deadline) {
  auto hits = match_all(snapshot, query, time, help, deadline, true);
  if (!hits) return tl::unexpected(hits.error());
  const auto missed =
      std::erase_if(*hits, [](const SegmentHits& segment) { return segment.segment == nullptr; });
  // Not one was looked at because the time is over, so this says so.
  if (missed > 0 && hits->empty()) return tl::unexpected(deadline.check().error());
  PartialHits found;
  for (const SegmentHits& segment : *hits) found.searched += segment.segment->size();
  drop_empty(*hits);
  found.hits = std::move(*hits);
  return found;
}

std::uint64_t count_of(const std::vector<SegmentHits>& hits) {
  std::uint64_t count = 0;
  for (const SegmentHits& segment : hits) count += segment.docs.count();
  return count;
}

}  // namespace trailsift::query
