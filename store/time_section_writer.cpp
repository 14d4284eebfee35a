#include <algorithm>
#include <cstring>
#include <limits>

#include "store/columns_format.h"
#include "store/time_section.h"

namespace trailsift::store {
namespace {

/// Most CloudTrail times are whole seconds.
constexpr std::uint32_t kSecond = 1000;

std::uint32_t unit_of(std::span<const Timestamp> times) {
  const Timestamp newest = times.front();
  const bool whole = std::ranges::all_of(
      times, [&](Timestamp time) { return (newest - time).count() % kSecond == 0; });
  return whole ? kSecond : 1;
}

std::uint32_t width_of(std::uint64_t largest) {
  if (largest == 0) return 0;
  if (largest <= std::numeric_limits<std::uint8_t>::max()) return 1;
  if (largest <= std::numeric_limits<std::uint16_t>::max()) return 2;
  return largest <= std::numeric_limits<std::uint32_t>::max() ? 4 : 8;
}

}  // namespace

std::vector<std::byte> encode_times(std::span<const Timestamp> times) {
  using Block = TimeSection::Block;
  const std::size_t blocks = (times.size() + kTimeBlockDocs - 1) / kTimeBlockDocs;
  std::vector<std::byte> bytes(blocks * sizeof(Block));
  for (std::size_t i = 0; i < blocks; ++i) {
    const std::size_t first = i * kTimeBlockDocs;
    const auto part =
        times.subspan(first, std::min<std::size_t>(kTimeBlockDocs, times.size() - first));
    Block block{};
    block.newest_ms = part.front().time_since_epoch().count();
    block.oldest_ms = part.back().time_since_epoch().count();
    block.unit_ms = unit_of(part);
    const auto steps = [&](Timestamp time) {
      return static_cast<std::uint64_t>((part.front() - time).count()) / block.unit_ms;
    };
    block.width = width_of(steps(part.back()));
    block.deltas = bytes.size();
    std::memcpy(bytes.data() + i * sizeof(Block), &block, sizeof(Block));
    for (const Timestamp time : part) {
      const std::uint64_t delta = steps(time);
      const auto* const low = reinterpret_cast<const std::byte*>(&delta);
      bytes.insert(bytes.end(), low, low + block.width);
    }
  }
  return bytes;
}

}  // namespace trailsift::store
