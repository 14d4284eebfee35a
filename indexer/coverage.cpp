#include "indexer/coverage.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace trailsift::indexer {

void Coverage::add(Timestamp from, Timestamp to) {
  stretches_.emplace_back(from, to);
  tidy_ = false;
}

bool Coverage::covers(Timestamp from, Timestamp to) {
  tidy();
  const auto after =
      std::ranges::upper_bound(stretches_, from, {}, &std::pair<Timestamp, Timestamp>::first);
  return after != stretches_.begin() && to <= std::prev(after)->second;
}

void Coverage::tidy() {
  if (tidy_) return;
  std::ranges::sort(stretches_);
  std::vector<std::pair<Timestamp, Timestamp>> apart;
  for (const auto& stretch : stretches_) {
    if (!apart.empty() && stretch.first <= apart.back().second) {
      apart.back().second = std::max(apart.back().second, stretch.second);
    } else {
      apart.push_back(stretch);
    }
  }
  stretches_ = std::move(apart);
  tidy_ = true;
}

}  // namespace trailsift::indexer
