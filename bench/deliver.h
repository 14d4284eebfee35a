#pragma once

#include <cstdint>
#include <filesystem>

#include "bench/generate_events.h"
#include "schema/error.h"

namespace trailsift::bench {

struct Delivery {
  std::uint64_t files = 0;
  std::uint64_t records = 0;  ///< Events with second deliveries.
  std::uint64_t bytes = 0;    ///< Of JSON, before gzip.
};

/// Writes every file of the workload, gzipped, under `directory`, on all cores.
/// Fails when one cannot be written; those before it stay.
Result<Delivery> deliver(const EventGenerator& generator, const std::filesystem::path& directory);

}  // namespace trailsift::bench
