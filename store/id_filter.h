#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "schema/error.h"

namespace trailsift::store {

/// A Bloom filter over event ids, in blocks of one cache line: it tells most ids that a segment
/// does not have at the price of one memory access. Borrows its bytes.
class IdFilter {
 public:
  static constexpr std::size_t kBlockBytes = 64;

  /// Bytes of a filter for `ids`.
  static std::vector<std::byte> build(std::span<const std::string_view> ids);

  /// `bytes` must be a positive number of blocks.
  static Result<IdFilter> open(std::span<const std::byte> bytes);

  /// False: no such id for sure. True for about one in 200 other ids.
  bool may_contain(std::string_view id) const;

 private:
  explicit IdFilter(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::span<const std::byte> bytes_;
};

}  // namespace trailsift::store
