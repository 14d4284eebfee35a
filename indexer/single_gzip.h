#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "indexer/limits.h"

namespace trailsift::indexer {

/// How a file ended that should be one gzip member and nothing else, as CloudTrail delivers it.
enum class GzipEnd : std::uint8_t {
  sound,
  damaged,        ///< No gzip, cut off, or with a wrong checksum.
  trailing_data,  ///< Bytes follow the member: readers of several members would read more.
  too_large,      ///< A limit was passed.
};

/// Inflates `bytes`, giving the text to `sink` in pieces of at most 64 KiB. What the sink got is
/// the file's text only when the end is sound. Any thread; throws std::bad_alloc.
GzipEnd inflate_single(std::string_view bytes, const IngestLimits& limits,
                       const std::function<void(std::string_view piece)>& sink);

}  // namespace trailsift::indexer
