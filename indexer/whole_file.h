#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "indexer/limits.h"
#include "indexer/source.h"

struct libdeflate_decompressor;

namespace trailsift::indexer {

/// Takes a delivered file into memory at once, which is several times faster than inflating it
/// piece by piece. Only for what nearly all files are: small, and plain or one sound gzip member;
/// anything else is for Inflater, from the beginning. One thread; buffers are used again.
class WholeFile {
 public:
  /// Behind the text so many bytes can be read.
  static constexpr std::size_t kPadding = 64;

  WholeFile();
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  /// The file's text, valid until the next call; nullopt when it is not such a file. The stream is
  /// used up as far as taken() tells.
  std::optional<std::string_view> read(ByteStream& bytes, const IngestLimits& limits);

  /// What was taken of the stream by the last read().
  std::span<const char> taken() const { return {input_.get(), size_}; }
  /// Whether that was all, and how it ended unless well.
  const Result<bool>& ended() const { return ended_; }

 private:
  struct Free {
    void operator()(libdeflate_decompressor* decompressor) const;
  };
  void take(ByteStream& bytes);
  std::optional<std::string_view> inflate(const IngestLimits& limits);

  std::unique_ptr<char[]> input_;  // Most of it is never touched.
  std::size_t size_ = 0;           // Of what is in input_.
  Result<bool> ended_ = false;
  std::vector<char> text_;
  std::unique_ptr<libdeflate_decompressor, Free> decompressor_;
};

/// The bytes that were taken of a stream, then the rest of it. Borrows both.
class ReplayedStream : public ByteStream {
 public:
  ReplayedStream(const WholeFile& file, ByteStream& rest)
      : taken_(file.taken()), ended_(file.ended()), rest_(rest) {}

  Result<std::size_t> read(std::span<char> buffer) override;

 private:
  std::span<const char> taken_;
  const Result<bool>& ended_;
  ByteStream& rest_;
};

}  // namespace trailsift::indexer
