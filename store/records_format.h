#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace trailsift::store {

/// The layout of the file `records`, shared by its writer and its reader. docs/format.md draws it.
///
///   header      magic, format version
///   parts       each a dictionary (zstd's form, or raw content) and the blocks made with it: zstd
///               frames; raw, each is the lengths of its records and then the records
///   order       the number of each document's record, when they stand in another order
///   index       one entry per part, then one per block
///   trailer     where these are, checksums of order and index, counts, magic

constexpr std::string_view kRecordsMagic = "TSRECORD";
constexpr std::string_view kRecordsEndMagic = "TSRECEND";
constexpr std::uint32_t kRecordsVersion = 3;
/// Still read: numbers in its order have four bytes.
constexpr std::uint32_t kWideOrderVersion = 2;
constexpr std::size_t kRecordsHeaderBytes = 8 + 4;
constexpr std::size_t kRecordsTrailerBytes = 4 * 8 + 4 * 4 + 8;

/// Records are gathered until a block has this many raw bytes.
constexpr std::size_t kBlockBytes = std::size_t{16} << 10;
/// No single record may be larger.
constexpr std::size_t kMaxRecordBytes = std::size_t{256} << 20;
constexpr std::size_t kMaxDictionaryBytes = std::size_t{110} << 10;

/// A dictionary and the blocks behind it.
struct RecordPart {
  std::uint64_t offset = 0;  ///< From the beginning of the file.
  std::uint32_t dictionary_size = 0;
  std::uint32_t first_block = 0;
};
constexpr std::size_t kRecordPartBytes = 8 + 2 * 4;

/// A block; records are numbered as they stand in the file.
struct RecordBlock {
  std::uint64_t offset = 0;  ///< From the beginning of the file.
  std::uint32_t size = 0;    ///< Compressed.
  std::uint32_t raw_size = 0;
  std::uint32_t first_record = 0;
  std::uint32_t record_count = 0;
};
constexpr std::size_t kRecordBlockBytes = 8 + 4 * 4;

/// Of each number in the order of so many records: as few as hold the largest.
constexpr std::size_t order_number_bytes(std::uint32_t records) {
  std::size_t bytes = 1;
  while (bytes < sizeof(records) && records > (1U << (8 * bytes))) ++bytes;
  return bytes;
}

}  // namespace trailsift::store
