#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "query/deadline.h"
#include "query/facets.h"
#include "query/search.h"
#include "query/thread_pool.h"
#include "query/tree.h"
#include "schema/error.h"
#include "store/store.h"

namespace trailsift::query {

/// Runs the tasks, with help where there are so many documents to look at that it pays.
Result<void> run_all(std::size_t count, std::uint64_t documents, const Help& help,
                     const ThreadPool::Task& task);

/// The documents that answer a query in a time range; segments without one are left out. Borrows
/// the snapshot's segments.
Result<std::vector<SegmentHits>> find_hits(const store::Snapshot& snapshot, const Tree& query,
                                           const InTime& time, const Help& help,
                                           const Deadline& deadline);

/// What could be matched in time.
struct PartialHits {
  std::vector<SegmentHits> hits;
  std::uint64_t searched = 0;  ///< Events of the segments that were looked at.
};

/// The same of the segments that the deadline leaves time for, the newest first. Not even one: the
/// deadline's error.
Result<PartialHits> find_hits_in_time(const store::Snapshot& snapshot, const Tree& query,
                                      const InTime& time, const Help& help,
                                      const Deadline& deadline);

std::uint64_t count_of(const std::vector<SegmentHits>& hits);

}  // namespace trailsift::query
