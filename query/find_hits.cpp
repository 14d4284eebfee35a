#include "query/find_hits.h"

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

Result<std::vector<SegmentHits>> find_hits(const store::Snapshot& snapshot, const Tree& query,
                                           const InTime& time, const Help& help,
                                           const Deadline& deadline) {
  const auto& segments = snapshot.segments;
  std::vector<SegmentHits> hits(segments.size());
  const auto match = [&](std::size_t i) -> Result<void> {
    if (auto in_time = deadline.check(); !in_time) return in_time;
    auto docs = evaluate(query, *segments[i], time, deadline);
    if (!docs) return tl::unexpected(docs.error());
    hits[i] = {segments[i].get(), std::move(*docs)};
    return {};
  };
  const auto matched = run_all(segments.size(), snapshot.events(), help, match);
  if (!matched) return tl::unexpected(matched.error());
  std::erase_if(hits, [](const SegmentHits& segment) { return segment.docs.empty(); });
  return hits;
}

std::uint64_t count_of(const std::vector<SegmentHits>& hits) {
  std::uint64_t count = 0;
  for (const SegmentHits& segment : hits) count += segment.docs.count();
  return count;
}

}  // namespace trailsift::query
