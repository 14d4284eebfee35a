#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "query/tree.h"

namespace trailsift::query {

constexpr std::size_t kMaxFacetValues = 10'000;  ///< FacetRequest::size.

/// One bucket that was asked for by name: a value, or a range in the order of the field's type.
struct FacetBucket {
  std::string label;  ///< Echoed in the answer.
  std::optional<std::string> value;
  std::optional<Between::Bound> low, high;  ///< Of a range; absent is open.
};

struct FacetRequest {
  /// Most first, least first (of those with a hit), or by value. Ties by ascending value.
  enum class Order : std::uint8_t { by_count, by_value, rarest };
  FieldIndex field;  ///< A column. event_time only with buckets.
  Order order = Order::by_count;
  std::uint32_t size = 10;
  /// When set: counted as listed, zeros kept; all but `field` unused.
  std::vector<FacetBucket> buckets;
  /// Only values that have this text somewhere, without regard to the case of ASCII letters.
  std::string containing = {};
};

struct FacetCount {
  std::string value;
  std::uint64_t count = 0;
};

struct FacetResult {
  FieldIndex field;
  std::vector<FacetCount> buckets;
  /// Values with a hit that were asked for; 0 when buckets were asked for by name.
  std::uint64_t distinct = 0;
  std::uint64_t missing = 0;  ///< Hits without a value.
};

}  // namespace trailsift::query
