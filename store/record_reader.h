#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "store/block_codec.h"
#include "store/file.h"
#include "store/records_format.h"

namespace trailsift::store {

/// The file `records`, open. Any thread.
class RecordReader {
 public:
  static Result<std::unique_ptr<RecordReader>> open(const std::filesystem::path& path);

  std::uint32_t doc_count() const { return doc_count_; }
  /// `doc` must be below doc_count().
  Result<std::string> record(std::uint32_t doc) const;

 private:
  struct DecodedBlock {
    RecordBlock entry;
    std::vector<std::byte> raw;
  };
  using BlockPtr = std::shared_ptr<const DecodedBlock>;

  RecordReader(MappedFile file, std::string what, std::span<const std::byte> dictionary);
  Result<void> read_index(std::span<const std::byte> index, std::uint64_t blocks_begin);
  Result<BlockPtr> block_of(std::uint32_t doc) const;
  Result<BlockPtr> decode(const RecordBlock& entry) const;
  BlockPtr cached(std::uint32_t first_doc) const;
  void cache(BlockPtr block) const;
  tl::unexpected<Error> corrupt(const std::string& message) const;

  MappedFile file_;
  std::string what_;  // The path, for messages.
  BlockDecoder decoder_;
  std::uint32_t doc_count_ = 0;
  std::vector<RecordBlock> index_;

  mutable std::mutex mutex_;                            // Guards everything below.
  mutable std::array<BlockPtr, 64> cache_;              // The newest takes the place of the oldest.
  mutable std::array<std::uint32_t, 64> first_docs_{};  // Of the blocks, to look through.
  mutable std::size_t next_slot_ = 0;
};

}  // namespace trailsift::store
