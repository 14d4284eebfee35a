#include "indexer/whole_file.h"

#include <algorithm>
#include <cstring>
#include <new>

#include <libdeflate.h>

namespace trailsift::indexer {
namespace {

constexpr std::size_t kMostBytes = std::size_t{4} << 20;
constexpr std::size_t kMostTextBytes = std::size_t{32} << 20;
constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::size_t kSizeBytes = sizeof(std::uint32_t);

/// What the last bytes of a gzip member say of its text's size.
std::size_t told_size(std::span<const char> file) {
  std::uint32_t size = 0;
  std::memcpy(&size, file.last(kSizeBytes).data(), kSizeBytes);
  return size;
}

}  // namespace

void WholeFile::Free::operator()(libdeflate_decompressor* decompressor) const {
  libdeflate_free_decompressor(decompressor);
}

WholeFile::WholeFile()
    : input_(std::make_unique_for_overwrite<char[]>(kMostBytes + kPadding)),
      decompressor_(libdeflate_alloc_decompressor()) {
  if (!decompressor_) throw std::bad_alloc();
}

WholeFile::~WholeFile() = default;

std::optional<std::string_view> WholeFile::read(ByteStream& bytes, const IngestLimits& limits) {
  take(bytes);
  if (!ended_ || !*ended_) return std::nullopt;
  const std::string_view file(input_.get(), size_);
  return file.starts_with(kGzipMagic) ? inflate(limits) : file;
}

void WholeFile::take(ByteStream& bytes) {
  size_ = 0;
  ended_ = false;
  while (size_ < kMostBytes) {
    const auto size = bytes.read({input_.get() + size_, kMostBytes - size_});
    if (!size) {
      ended_ = tl::unexpected(size.error());
      return;
    }
    if (*size == 0) {
      ended_ = true;
      return;
    }
    size_ += *size;
  }
}

std::optional<std::string_view> WholeFile::inflate(const IngestLimits& limits) {
  const std::span<const char> file = taken();
  if (file.size() < kGzipMagic.size() + kSizeBytes) return std::nullopt;
  const std::size_t size = told_size(file);
  const bool within_ratio =
      size <= limits.ratio_free_bytes || size / limits.max_inflate_ratio <= file.size();
  if (size > kMostTextBytes || size > limits.max_inflated_bytes || !within_ratio) {
    return std::nullopt;
  }
  if (text_.size() < size + kPadding) text_.resize(size + kPadding);
  std::size_t used = 0;
  std::size_t produced = 0;
  const auto status = libdeflate_gzip_decompress_ex(decompressor_.get(), file.data(), file.size(),
                                                    text_.data(), size, &used, &produced);
  if (status != LIBDEFLATE_SUCCESS || used != file.size() || produced != size) return std::nullopt;
  return std::string_view(text_.data(), size);
}

Result<std::size_t> ReplayedStream::read(std::span<char> buffer) {
  if (!taken_.empty()) {
    const std::size_t size = std::min(buffer.size(), taken_.size());
    std::copy_n(taken_.begin(), size, buffer.begin());
    taken_ = taken_.subspan(size);
    return size;
  }
  if (!ended_) return tl::unexpected(ended_.error());
  return *ended_ ? Result<std::size_t>(0) : rest_.read(buffer);
}

}  // namespace trailsift::indexer
