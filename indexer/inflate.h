#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include <tl/expected.hpp>

#include "indexer/limits.h"
#include "indexer/source.h"
#include "schema/flatten.h"

struct z_stream_s;

namespace trailsift::indexer {

/// The text of a delivered file: gzip, known by its first bytes, is inflated (any number of
/// members, zero bytes after them); anything else passes through. Borrows `bytes`. One thread.
class Inflater {
 public:
  Inflater(ByteStream& bytes, const IngestLimits& limits);
  ~Inflater();
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Fills the front of `buffer`, which is not empty; 0 means the end. A Rejection ends the text
  /// too: everything that came out before the fault was given out first, and the offset of the
  /// Rejection says how much that was. Its reason is one of the gzip and inflate ones, or
  /// `unreadable` when the bytes could not be had.
  tl::expected<std::size_t, Rejection> read(std::span<char> buffer);

  /// Bytes taken from the stream so far, as delivered.
  std::uint64_t bytes_taken() const { return bytes_taken_; }

 private:
  enum class Format : std::uint8_t { unknown, plain, gzip };
  struct EndInflate {
    void operator()(z_stream_s* stream) const;
  };

  bool refill();
  void recognise();
  std::size_t read_plain(std::span<char> buffer);
  std::size_t read_gzip(std::span<char> buffer);
  std::size_t inflate_some(std::span<char> buffer);
  bool next_member();
  void follow(int status);
  std::size_t within_limits(std::size_t produced);
  void fail(Reject reason, std::string detail);

  ByteStream& bytes_;
  const IngestLimits limits_;
  Format format_ = Format::unknown;
  std::vector<char> input_;
  std::span<char> unread_;  // The part of input_ that is still to be used.
  bool at_end_ = false;     // Of the bytes.
  bool between_members_ = false;
  std::uint64_t bytes_taken_ = 0;
  std::uint64_t text_bytes_ = 0;
  std::unique_ptr<z_stream_s, EndInflate> zlib_;
  std::optional<Rejection> failure_;
};

}  // namespace trailsift::indexer
