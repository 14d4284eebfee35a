#include "indexer/single_gzip.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

// Input that zlib only reads may be const.
#define ZLIB_CONST
#include <zlib.h>

namespace trailsift::indexer {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{64} << 10;
constexpr std::size_t kMostInput = std::size_t{1} << 30;  // zlib counts in 32 bits.
constexpr int kGzipOnly = 16 + MAX_WBITS;

struct EndInflate {
  void operator()(z_stream* stream) const {
    inflateEnd(stream);
    const std::unique_ptr<z_stream> owned(stream);
  }
};

using Zlib = std::unique_ptr<z_stream, EndInflate>;

Zlib begin_inflate() {
  auto stream = std::make_unique<z_stream>();
  if (inflateInit2(stream.get(), kGzipOnly) != Z_OK) throw std::bad_alloc();
  return Zlib(stream.release());
}

bool passes_limits(const IngestLimits& limits, std::uint64_t produced, std::uint64_t used) {
  if (produced > limits.max_inflated_bytes) return true;
  return produced > limits.ratio_free_bytes && produced / limits.max_inflate_ratio > used;
}

}  // namespace

GzipEnd inflate_single(std::string_view bytes, const IngestLimits& limits,
                       const std::function<void(std::string_view)>& sink) {
  const Zlib stream = begin_inflate();
  std::vector<char> piece(kPieceBytes);
  std::string_view unread = bytes;
  std::uint64_t produced = 0;
  while (true) {
    const auto given = static_cast<uInt>(std::min(unread.size(), kMostInput));
    stream->next_in = reinterpret_cast<const Bytef*>(unread.data());
    stream->avail_in = given;
    stream->next_out = reinterpret_cast<Bytef*>(piece.data());
    stream->avail_out = static_cast<uInt>(piece.size());
    const int status = inflate(stream.get(), Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    unread.remove_prefix(given - stream->avail_in);
    const std::size_t size = piece.size() - stream->avail_out;
    produced += size;
    if (passes_limits(limits, produced, bytes.size() - unread.size())) return GzipEnd::too_large;
    if (size > 0) sink({piece.data(), size});
    if (status == Z_STREAM_END) return unread.empty() ? GzipEnd::sound : GzipEnd::trailing_data;
    // Z_BUF_ERROR: no progress, so the member is cut off.
    if (status != Z_OK) return GzipEnd::damaged;
  }
}

}  // namespace trailsift::indexer
