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

void drop_empty(std::vector<SegmentHits>& hits) {
  std::erase_if(hits, [](const SegmentHits& segment) { return segment.docs.empty(); });
}

}  // namespace

Result<std::vector<SegmentHits>> find_hits(const store::Snapshot& snapshot, const Tree& query,
                                           const InTime& time, const Help& help,
                                           const Deadline& deadline) {
  const auto& segments = snapshot.segments;
  std::vector<SegmentHits> hits(segments.size());
  const auto match_one = [&](std::size_t i) -> Result<void> {
    return match(*segments[i], query, time, deadline, hits[i]);
  };
  const auto matched = run_all(segments.size(), snapshot.events(), help, match_one);
  if (!matched) return tl::unexpected(matched.error());
  drop_empty(hits);
  return hits;
}

Result<PartialHits> find_hits_in_time(const store::Snapshot& snapshot, const Tree& query,
                                      const InTime& time, const Help& help,
                                      const Deadline& deadline) {
  const auto& segments = snapshot.segments;
  const auto order = newest_first(snapshot);
  std::vector<SegmentHits> matches(segments.size());
  const auto match_one = [&](std::size_t i) -> Result<void> {
    auto matched = match(*segments[order[i]], query, time, deadline, matches[order[i]]);
    return deadline.is_over() ? Result<void>() : matched;
  };
  const auto matched = run_all(segments.size(), snapshot.events(), help, match_one);
  if (!matched) return tl::unexpected(matched.error());
  PartialHits found;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    if (matches[i].segment == nullptr) continue;
    found.searched += segments[i]->size();
    found.hits.push_back(std::move(matches[i]));
  }
  if (found.hits.empty() && !segments.empty()) return tl::unexpected(deadline.check().error());
  drop_empty(found.hits);
  return found;
}

std::uint64_t count_of(const std::vector<SegmentHits>& hits) {
  std::uint64_t count = 0;
  for (const SegmentHits& segment : hits) count += segment.docs.count();
  return count;
}

}  // namespace trailsift::query
