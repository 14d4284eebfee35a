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
  ~RecordReader();
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  std::uint32_t doc_count() const { return doc_count_; }
  /// `doc` must be below doc_count().
  Result<std::string> record(std::uint32_t doc) const;

  /// The number of a document's record as they stand in the file.
  Result<std::uint32_t> number(std::uint32_t doc) const;
  std::span<const RecordPart> parts() const { return parts_; }
  std::span<const RecordBlock> blocks() const { return blocks_; }
  /// What parts and blocks describe.
  std::span<const std::byte> part_bytes() const;

 private:
  struct DecodedBlock {
    RecordBlock entry;
    std::vector<std::byte> raw;
  };
  using BlockPtr = std::shared_ptr<const DecodedBlock>;
  struct Trailer;
  struct Decoder;

  RecordReader(MappedFile file, std::string what);

  Result<void> read_frame();
  Result<void> read_parts(std::span<const std::byte> entries);
  Result<void> read_blocks(std::span<const std::byte> entries, std::uint64_t end);
  Result<void> verify_order() const;
  Result<BlockPtr> block_of(std::uint32_t record) const;
  Result<BlockPtr> decode(const RecordBlock& entry) const;
  BlockPtr cached(std::uint32_t first_record) const;
  void cache(BlockPtr block) const;
  tl::unexpected<Error> corrupt(const std::string& message) const;

  MappedFile file_;
  std::string what_;  // The path, for messages.
  std::uint32_t doc_count_ = 0;
  std::vector<RecordPart> parts_;
  std::vector<RecordBlock> blocks_;
  std::vector<std::unique_ptr<Decoder>> decoders_;  // One for each part.
  std::span<const std::byte> order_;                // Empty: records stand in their order.
  std::size_t order_width_ = 0;                     // Bytes of each number in it.
  std::uint64_t order_checksum_ = 0;

  mutable std::once_flag order_once_;  // Guards the first verification, which sets:
  mutable bool order_is_good_ = false;

  mutable std::mutex mutex_;                               // Guards everything below.
  mutable std::array<BlockPtr, 64> cache_;                 // The newest takes the oldest's place.
  mutable std::array<std::uint32_t, 64> first_records_{};  // Of the blocks, to look through.
  mutable std::size_t next_slot_ = 0;
};

}  // namespace trailsift::store
