#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "query/search.h"

namespace trailsift::query {

/// Keeps the buckets that a facet wants of all its values, which are told in ascending order. Texts
/// are copied only of those that are kept.
class TopValues {
 public:
  TopValues(FacetRequest::Order order, std::size_t wanted) : order_(order), wanted_(wanted) {}

  void add(std::string_view value, std::uint64_t count);

  std::uint64_t distinct() const { return distinct_; }

  /// The buckets, in the order that is wanted.
  std::vector<FacetCount> take();

 private:
  struct Kept {
    FacetCount bucket;
    std::uint64_t number = 0;  ///< Of values before it.
  };
  /// The order of a heap that has the first to go on top.
  bool goes_later(const Kept& a, const Kept& b) const;
  bool goes_before(std::uint64_t count, std::uint64_t other) const;

  const FacetRequest::Order order_;
  const std::size_t wanted_;
  std::uint64_t distinct_ = 0;
  std::vector<Kept> kept_;
};

}  // namespace trailsift::query
