#include "query/top_values.h"

#include <algorithm>
#include <utility>

namespace trailsift::query {

void TopValues::add(std::string_view value, std::uint64_t count) {
  const bool by_count = order_ != FacetRequest::Order::by_value;
  const auto later = [this](const Kept& a, const Kept& b) { return goes_later(a, b); };
  const std::uint64_t number = distinct_++;
  if (kept_.size() < wanted_) {
    kept_.push_back({{std::string(value), count}, number});
    if (by_count) std::ranges::push_heap(kept_, later);
    return;
  }
  // Of equal counts the lesser value stays, and this one is the greatest so far.
  const bool better = by_count && wanted_ > 0 && goes_before(count, kept_.front().bucket.count);
  if (!better) return;
  std::ranges::pop_heap(kept_, later);
  kept_.back() = {{std::string(value), count}, number};
  std::ranges::push_heap(kept_, later);
}

std::vector<FacetCount> TopValues::take() {
  if (order_ != FacetRequest::Order::by_value) {
    std::ranges::sort_heap(kept_,
                           [this](const Kept& a, const Kept& b) { return goes_later(a, b); });
  }
  std::vector<FacetCount> buckets;
  for (Kept& kept : kept_) buckets.push_back(std::move(kept.bucket));
  return buckets;
}

bool TopValues::goes_before(std::uint64_t count, std::uint64_t other) const {
  return order_ == FacetRequest::Order::rarest ? count < other : count > other;
}

bool TopValues::goes_later(const Kept& a, const Kept& b) const {
  if (a.bucket.count != b.bucket.count) return goes_before(a.bucket.count, b.bucket.count);
  return a.number < b.number;
}

}  // namespace trailsift::query
