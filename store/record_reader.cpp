#include "store/record_reader.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "store/bytes.h"
#include "store/checksum.h"

namespace trailsift::store {
namespace {

/// What the trailer says.
struct Trailer {
  std::uint64_t dictionary_bytes = 0;
  std::uint64_t dictionary_checksum = 0;
  std::uint64_t index_offset = 0;
  std::uint64_t index_checksum = 0;
  std::uint32_t block_count = 0;
  std::uint32_t doc_count = 0;
};

constexpr std::size_t kIndexEntryBytes = 8 + 4 * 4;

Trailer read_trailer(std::span<const std::byte> bytes) {
  ByteReader reader(bytes.last(kRecordsTrailerBytes));
  Trailer trailer;
  trailer.dictionary_bytes = reader.get<std::uint64_t>();
  trailer.dictionary_checksum = reader.get<std::uint64_t>();
  trailer.index_offset = reader.get<std::uint64_t>();
  trailer.index_checksum = reader.get<std::uint64_t>();
  trailer.block_count = reader.get<std::uint32_t>();
  trailer.doc_count = reader.get<std::uint32_t>();
  return trailer;
}

/// What is wrong with the ends of the file, if anything is.
std::optional<std::string> fault_of_frame(std::span<const std::byte> bytes) {
  if (bytes.size() < kRecordsHeaderBytes + kRecordsTrailerBytes) return "it is too short";
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(kRecordsMagic) || !text.ends_with(kRecordsEndMagic)) {
    return "its first or last bytes are not those of a record file";
  }
  const auto version = ByteReader(bytes.subspan(kRecordsMagic.size())).get<std::uint32_t>();
  if (version != kRecordsVersion) {
    return "expected version " + std::to_string(kRecordsVersion) + ", got " +
           std::to_string(version);
  }
  const Trailer trailer = read_trailer(bytes);
  const std::uint64_t index_end = bytes.size() - kRecordsTrailerBytes;
  if (trailer.index_offset > index_end ||
      index_end - trailer.index_offset != trailer.block_count * std::uint64_t{kIndexEntryBytes} ||
      trailer.index_offset < kRecordsHeaderBytes ||
      trailer.dictionary_bytes > trailer.index_offset - kRecordsHeaderBytes) {
    return "its trailer is damaged";
  }
  const auto index = bytes.subspan(trailer.index_offset, index_end - trailer.index_offset);
  if (checksum(index) != trailer.index_checksum) return "the checksum of its index is wrong";
  if (checksum(bytes.subspan(kRecordsHeaderBytes, trailer.dictionary_bytes)) !=
      trailer.dictionary_checksum) {
    return "the checksum of its dictionary is wrong";
  }
  return std::nullopt;
}

}  // namespace

RecordReader::RecordReader(MappedFile file, std::string what, std::span<const std::byte> dictionary)
    : file_(std::move(file)), what_(std::move(what)), decoder_(dictionary) {}

tl::unexpected<Error> RecordReader::corrupt(const std::string& message) const {
  return fail(ErrorCode::corrupt, "'" + what_ + "' is corrupt: " + message);
}

Result<std::unique_ptr<RecordReader>> RecordReader::open(const std::filesystem::path& path) {
  auto file = MappedFile::open(path);
  if (!file) return tl::unexpected(file.error());
  const auto bytes = file->bytes();
  if (const auto fault = fault_of_frame(bytes)) {
    return fail(ErrorCode::corrupt, "'" + path.string() + "' is corrupt: " + *fault);
  }
  const Trailer trailer = read_trailer(bytes);
  const auto dictionary = bytes.subspan(kRecordsHeaderBytes, trailer.dictionary_bytes);
  const auto index = bytes.subspan(trailer.index_offset, trailer.block_count * kIndexEntryBytes);
  std::unique_ptr<RecordReader> reader(
      new RecordReader(std::move(*file), path.string(), dictionary));
  auto done = reader->read_index(index, kRecordsHeaderBytes + trailer.dictionary_bytes);
  if (!done) return tl::unexpected(done.error());
  if (reader->doc_count_ != trailer.doc_count) return reader->corrupt("records are missing");
  return reader;
}

/// Blocks stand one after the other and hold the documents one after the other.
Result<void> RecordReader::read_index(std::span<const std::byte> index,
                                      std::uint64_t blocks_begin) {
  const auto blocks_end = static_cast<std::uint64_t>(index.data() - file_.bytes().data());
  std::uint64_t position = blocks_begin;
  ByteReader reader(index);
  while (!reader.at_end()) {
    RecordBlock block;
    block.offset = reader.get<std::uint64_t>();
    block.size = reader.get<std::uint32_t>();
    block.raw_size = reader.get<std::uint32_t>();
    block.first_doc = reader.get<std::uint32_t>();
    block.doc_count = reader.get<std::uint32_t>();
    const bool fits = block.offset == position && block.size <= blocks_end - position &&
                      block.first_doc == doc_count_ && block.doc_count > 0 &&
                      block.raw_size / sizeof(std::uint32_t) >= block.doc_count;
    if (!fits) return corrupt("its index is damaged");
    position += block.size;
    doc_count_ += block.doc_count;
    index_.push_back(block);
  }
  return position == blocks_end ? Result<void>() : corrupt("its index is damaged");
}

Result<std::string> RecordReader::record(std::uint32_t doc) const {
  const auto found = block_of(doc);
  if (!found) return tl::unexpected(found.error());
  const DecodedBlock& block = **found;
  const std::span<const std::byte> raw = block.raw;
  std::uint64_t begin = block.entry.doc_count * sizeof(std::uint32_t);
  std::uint32_t length = 0;
  for (std::uint32_t i = 0; i <= doc - block.entry.first_doc; ++i) {
    begin += length;
    std::memcpy(&length, raw.data() + i * sizeof(length), sizeof(length));
  }
  if (begin > raw.size() || length > raw.size() - begin) {
    return corrupt("the lengths of a block are damaged");
  }
  return std::string(reinterpret_cast<const char*>(raw.data()) + begin, length);
}

Result<RecordReader::BlockPtr> RecordReader::block_of(std::uint32_t doc) const {
  const auto after = std::ranges::upper_bound(index_, doc, {}, &RecordBlock::first_doc);
  const RecordBlock& entry = *std::prev(after);
  if (auto block = cached(entry.first_doc)) return block;
  auto block = decode(entry);
  if (block) cache(*block);
  return block;
}

Result<RecordReader::BlockPtr> RecordReader::decode(const RecordBlock& entry) const {
  auto raw = decoder_.decode(file_.bytes().subspan(entry.offset, entry.size), entry.raw_size);
  if (!raw) return corrupt(raw.error().message);
  return std::make_shared<const DecodedBlock>(DecodedBlock{entry, std::move(*raw)});
}

RecordReader::BlockPtr RecordReader::cached(std::uint32_t first_doc) const {
  const std::scoped_lock lock(mutex_);
  for (std::size_t slot = 0; slot < cache_.size(); ++slot) {
    if (first_docs_[slot] == first_doc && cache_[slot] != nullptr) return cache_[slot];
  }
  return nullptr;
}

void RecordReader::cache(BlockPtr block) const {
  constexpr std::size_t kMaxCachedBytes = std::size_t{1} << 17U;
  if (block->raw.size() > kMaxCachedBytes) return;
  const std::scoped_lock lock(mutex_);
  first_docs_[next_slot_] = block->entry.first_doc;
  cache_[next_slot_] = std::move(block);
  next_slot_ = (next_slot_ + 1) % cache_.size();
}

}  // namespace trailsift::store
