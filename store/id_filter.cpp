#include "store/id_filter.h"

#include <algorithm>
#include <array>

#include "store/checksum.h"

namespace trailsift::store {
namespace {

constexpr std::size_t kBitsPerId = 12;
constexpr std::size_t kProbes = 7;     // 7 x 9 bits of a 64-bit hash.
constexpr std::size_t kProbeBits = 9;  // A block has 512 bits.

struct Probe {
  std::size_t byte;
  std::byte bit;
};

/// One block for each id, and seven of its bits.
std::array<Probe, kProbes> probes_of(std::string_view id, std::size_t blocks) {
  const KeyHash hash = key_hash(id);
  const std::size_t block = (hash.low >> 32U) * blocks >> 32U;
  std::array<Probe, kProbes> probes{};
  std::uint64_t bits = hash.high;
  for (auto& probe : probes) {
    const std::size_t bit = bits & ((1U << kProbeBits) - 1);
    probe = {block * IdFilter::kBlockBytes + bit / 8, std::byte{1} << bit % 8};
    bits >>= kProbeBits;
  }
  return probes;
}

}  // namespace

std::vector<std::byte> IdFilter::build(std::span<const std::string_view> ids) {
  const std::size_t blocks =
      std::max<std::size_t>(1, ids.size() * kBitsPerId / 8 / kBlockBytes + 1);
  std::vector<std::byte> bytes(blocks * kBlockBytes);
  for (const auto id : ids) {
    for (const auto& [byte, bit] : probes_of(id, blocks)) bytes[byte] |= bit;
  }
  return bytes;
}

Result<IdFilter> IdFilter::open(std::span<const std::byte> bytes) {
  if (bytes.empty() || bytes.size() % kBlockBytes != 0) {
    return fail(ErrorCode::corrupt, "expected whole blocks of the id filter");
  }
  return IdFilter(bytes);
}

bool IdFilter::may_contain(std::string_view id) const {
  return std::ranges::all_of(probes_of(id, bytes_.size() / kBlockBytes), [&](const Probe& probe) {
    return (bytes_[probe.byte] & probe.bit) != std::byte{0};
  });
}

}  // namespace trailsift::store
