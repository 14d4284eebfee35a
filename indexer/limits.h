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

/// The same for messages, which are held in memory and were sent by anyone.
struct MessageLimits {
  std::size_t max_depth = 8;        ///< Envelopes (SQS, SNS, gzip, base64, …) inside each other.
  std::size_t max_objects = 1000;   ///< Log files that one message announces.
  std::size_t max_rejected = 1000;  ///< Parts that are not understood, beside others.
  std::uint64_t max_text_bytes = 256ULL << 20;  ///< What comes out of all envelopes of a message.
  std::uint64_t max_inflate_ratio = 250;        ///< Checked once `ratio_free_bytes` came out.
  std::uint64_t ratio_free_bytes = 1ULL << 20;
};

}  // namespace trailsift::indexer
