#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"

namespace trailsift::store {

/// The wall to zstd. Blocks are frames with a content checksum, made with a dictionary: text that
/// they are likely to repeat, and how often its symbols come.

/// A dictionary of at most `max_bytes` for texts like the samples, which stand one behind the other
/// in `samples`. When they are too few for zstd, the dictionary is their beginning.
std::string train_dictionary(std::string_view samples, std::span<const std::size_t> sizes,
                             std::size_t max_bytes);

/// One thread at a time.
class BlockEncoder {
 public:
  explicit BlockEncoder(std::span<const std::byte> dictionary);
  BlockEncoder(BlockEncoder&& other) noexcept;
  BlockEncoder& operator=(BlockEncoder&& other) noexcept;
  BlockEncoder(const BlockEncoder&) = delete;
  BlockEncoder& operator=(const BlockEncoder&) = delete;
  ~BlockEncoder();

  /// Valid until the next call.
  Result<std::span<const std::byte>> encode(std::span<const std::byte> raw);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Any thread. Borrows the dictionary.
class BlockDecoder {
 public:
  /// corrupt when the dictionary cannot be one.
  static Result<BlockDecoder> create(std::span<const std::byte> dictionary);
  BlockDecoder(BlockDecoder&& other) noexcept;
  BlockDecoder& operator=(BlockDecoder&& other) noexcept;
  BlockDecoder(const BlockDecoder&) = delete;
  BlockDecoder& operator=(const BlockDecoder&) = delete;
  ~BlockDecoder();

  /// The block's raw bytes, of which there must be exactly `raw_size`.
  Result<std::vector<std::byte>> decode(std::span<const std::byte> block,
                                        std::size_t raw_size) const;

 private:
  struct State;
  explicit BlockDecoder(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace trailsift::store
