#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "query/docset.h"
#include "query/facets.h"
#include "query/sort.h"
#include "schema/error.h"
#include "schema/time.h"
#include "store/store.h"

namespace trailsift::query {

/// Goes through any number of hits in the order that results have by default: newest first, ties by
/// event id. Holds the sets of documents and nothing for each hit. One thread at a time.
class HitWalk {
 public:
  HitWalk(std::shared_ptr<const store::Snapshot> snapshot, std::vector<SegmentHits> hits);
  ~HitWalk();
  HitWalk(HitWalk&&) noexcept;
  HitWalk& operator=(HitWalk&&) noexcept;

  /// The next hits, at most `limit`; empty at the end.
  Result<std::vector<Hit>> next(std::size_t limit);

 private:
  struct Road;
  static Result<bool> stands_before(const Road& a, const Road& b);
  Result<void> start();

  std::shared_ptr<const store::Snapshot> snapshot_;
  std::vector<std::unique_ptr<Road>> roads_;  // Once started: those not at their end.
  bool started_ = false;
};

}  // namespace trailsift::query
