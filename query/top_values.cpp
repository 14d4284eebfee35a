#include "query/top_values.h"

#include <algorithm>
#include <utility>

namespace trailsift::query {

void TopValues::add(std::string_view value, std::uint64_t count) {
  const std::uint64_t number = distinct_++;
  if (kept_.size() < wanted_) {
    kept_.push_back({{std::string(value), count}, number});
    if (order_ == FacetRequest::Order::by_count) std::ranges::push_heap(kept_, goes_later);
    return;
  }
  // Of equal counts the lesser value stays, and this one is the greatest so far.
  const bool better =
      order_ == FacetRequest::Order::by_count && wanted_ > 0 && count > kept_.front().bucket.count;
  if (!better) return;
  std::ranges::pop_heap(kept_, goes_later);
  kept_.back() = {{std::string(value), count}, number};
  std::ranges::push_heap(kept_, goes_later);
}

std::vector<FacetCount> TopValues::take() {
  if (order_ == FacetRequest::Order::by_count) std::ranges::sort_heap(kept_, goes_later);
  std::vector<FacetCount> buckets;
  for (Kept& kept : kept_) buckets.push_back(std::move(kept.bucket));
  return buckets;
}

bool TopValues::goes_later(const Kept& a, const Kept& b) {
  if (a.bucket.count != b.bucket.count) return a.bucket.count > b.bucket.count;
  return a.number < b.number;
}

}  // namespace trailsift::query
