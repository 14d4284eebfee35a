#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

namespace trailsift::test {

/// Where the random numbers of a run of the tests come from: TRAILSIFT_SEED, a number. Without one
/// each run says the same; `./dev soak` gives new ones.
inline std::uint64_t random_seed() {
  static const std::uint64_t kSeed = [] {
    const char* const given = std::getenv("TRAILSIFT_SEED");
    return given != nullptr ? std::uint64_t{std::stoull(given)} : std::uint64_t{1};
  }();
  return kSeed;
}

/// What repeats the run, for the message of a failure.
inline std::string seed_note(std::uint64_t seed = random_seed()) {
  return "TRAILSIFT_SEED=" + std::to_string(seed);
}

}  // namespace trailsift::test
