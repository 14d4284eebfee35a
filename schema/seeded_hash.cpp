#include "schema/seeded_hash.h"

#include <random>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace trailsift {
namespace {

std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

std::uint64_t seeded_hash(std::string_view bytes, std::uint64_t tag) {
  static const std::uint64_t kSeed = random_seed();
  constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15U;  // Tags are small numbers.
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), kSeed ^ (tag * kMix));
}

}  // namespace trailsift
