#pragma once

#include <cstddef>
#include <cstdint>

namespace trailsift::indexer {

/// Guards against hostile files. Nothing is cut silently: what passes a limit is rejected by name.
struct IngestLimits {
  std::uint64_t max_inflated_bytes = 4ULL << 30;  ///< Of one compressed file.
  std::uint64_t max_inflate_ratio = 250;          ///< Checked once `ratio_free_bytes` came out.
  std::uint64_t ratio_free_bytes = 32ULL << 20;
  std::size_t max_record_bytes = 16ULL << 20;
};

}  // namespace trailsift::indexer
