#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace trailsift::store {

/// Memory that stays where it is until all of it goes at once. Places in it are named by numbers
/// half as large as pointers.
class ByteArena {
 public:
  using Place = std::uint32_t;  ///< Of a multiple of kUnit bytes: 32 GB in all.

  static constexpr std::size_t kUnit = 8;
  static constexpr std::size_t kMostBytes = std::size_t{256} << 10;  ///< Of one piece.

  /// A new piece, aligned for all types of up to kUnit bytes and not initialised.
  Place take(std::size_t bytes) {
    assert(bytes <= kMostBytes);
    const std::size_t units = (bytes + kUnit - 1) / kUnit;
    if (used_ + units > kPageUnits) {
      pages_.push_back(std::make_unique_for_overwrite<std::uint64_t[]>(kPageUnits));
      used_ = 0;
    }
    const std::size_t place = (pages_.size() - 1) * kPageUnits + used_;
    used_ += units;
    return static_cast<Place>(place);
  }

  char* at(Place place) const {
    return reinterpret_cast<char*>(pages_[place / kPageUnits].get() + place % kPageUnits);
  }

 private:
  static constexpr std::size_t kPageUnits = kMostBytes / kUnit;

  std::vector<std::unique_ptr<std::uint64_t[]>> pages_;
  std::size_t used_ = kPageUnits;  // Of the last page.
};

}  // namespace trailsift::store
