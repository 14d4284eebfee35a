#pragma once

#include <utility>
#include <vector>

#include "schema/time.h"

namespace trailsift::indexer {

/// The time that digests speak for, as stretches that may touch and overlap.
class Coverage {
 public:
  /// Adds a stretch, both ends included.
  void add(Timestamp from, Timestamp to);
  /// Whether every moment from `from` to `to` is covered.
  bool covers(Timestamp from, Timestamp to);

 private:
  void tidy();

  std::vector<std::pair<Timestamp, Timestamp>> stretches_;
  bool tidy_ = true;  // In order, and apart from each other.
};

}  // namespace trailsift::indexer
