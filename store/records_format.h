#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace trailsift::store {

/// The layout of the file `records`, shared by its writer and its reader. docs/format.md draws it.
///
///   header      magic, format version
///   dictionary  what all blocks are compressed with: zstd's form, or raw content
///   blocks      zstd frames; raw, each is the lengths of its records and then the records
///   index       one entry per block
///   trailer     where these are, checksums of dictionary and index, documents, magic

constexpr std::string_view kRecordsMagic = "TSRECORD";
constexpr std::string_view kRecordsEndMagic = "TSRECEND";
constexpr std::uint32_t kRecordsVersion = 1;
constexpr std::size_t kRecordsHeaderBytes = 8 + 4;
constexpr std::size_t kRecordsTrailerBytes = 8 + 8 + 8 + 8 + 4 + 4 + 8;

/// Records are gathered until a block has this many raw bytes.
constexpr std::size_t kBlockBytes = std::size_t{16} << 10;
/// No single record may be larger.
constexpr std::size_t kMaxRecordBytes = std::size_t{256} << 20;
constexpr std::size_t kMaxDictionaryBytes = std::size_t{110} << 10;

/// One entry of the index.
struct RecordBlock {
  std::uint64_t offset = 0;  ///< From the beginning of the file.
  std::uint32_t size = 0;    ///< Compressed.
  std::uint32_t raw_size = 0;
  std::uint32_t first_doc = 0;
  std::uint32_t doc_count = 0;
};

}  // namespace trailsift::store
