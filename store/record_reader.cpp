#include "store/record_reader.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "store/bytes.h"
#include "store/checksum.h"

namespace trailsift::store {
namespace {

std::uint32_t version_of(std::span<const std::byte> file) {
  return ByteReader(file.subspan(kRecordsMagic.size())).get<std::uint32_t>();
}

}  // namespace

/// What the trailer says.
struct RecordReader::Trailer {
  std::uint64_t order_offset = 0;
  std::uint64_t order_checksum = 0;
  std::uint64_t index_offset = 0;
  std::uint64_t index_checksum = 0;
  std::uint32_t part_count = 0;
  std::uint32_t block_count = 0;
  std::uint32_t doc_count = 0;
  std::uint32_t order_count = 0;
  std::size_t order_width = 0;  ///< Which the version tells.

  explicit Trailer(std::span<const std::byte> file) {
    ByteReader reader(file.last(kRecordsTrailerBytes));
    for (auto* number : {&order_offset, &order_checksum, &index_offset, &index_checksum}) {
      *number = reader.get<std::uint64_t>();
    }
    for (auto* number : {&part_count, &block_count, &doc_count, &order_count}) {
      *number = reader.get<std::uint32_t>();
    }
    order_width =
        version_of(file) == kWideOrderVersion ? sizeof(doc_count) : order_number_bytes(doc_count);
  }

  /// Whether order and index fill the file from the end of the parts to the trailer.
  bool fits(std::uint64_t end) const {
    const std::uint64_t index_size = part_count * std::uint64_t{kRecordPartBytes} +
                                     block_count * std::uint64_t{kRecordBlockBytes};
    return order_offset >= kRecordsHeaderBytes && order_offset <= index_offset &&
           index_offset <= end && end - index_offset == index_size &&
           index_offset - order_offset == order_count * order_width &&
           (order_count == 0 || order_count == doc_count);
  }
};

/// Made at the first use: most parts of a large segment are never looked at.
struct RecordReader::Decoder {
  std::once_flag once;
  Result<BlockDecoder> decoder = fail(ErrorCode::internal, "not made yet");
};

namespace {

/// What is wrong with the ends of the file, if anything is.
std::optional<std::string> fault_of_ends(std::span<const std::byte> bytes) {
  if (bytes.size() < kRecordsHeaderBytes + kRecordsTrailerBytes) return "it is too short";
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(kRecordsMagic) || !text.ends_with(kRecordsEndMagic)) {
    return "its first or last bytes are not those of a record file";
  }
  const auto version = version_of(bytes);
  if (version != kRecordsVersion && version != kWideOrderVersion) {
    return "expected version " + std::to_string(kWideOrderVersion) + " or " +
           std::to_string(kRecordsVersion) + ", got " + std::to_string(version);
  }
  return std::nullopt;
}

}  // namespace

RecordReader::RecordReader(MappedFile file, std::string what)
    : file_(std::move(file)), what_(std::move(what)) {}

RecordReader::~RecordReader() = default;

tl::unexpected<Error> RecordReader::corrupt(const std::string& message) const {
  return fail(ErrorCode::corrupt, "'" + what_ + "' is corrupt: " + message);
}

Result<std::unique_ptr<RecordReader>> RecordReader::open(const std::filesystem::path& path) {
  auto file = MappedFile::open(path);
  if (!file) return tl::unexpected(file.error());
  std::unique_ptr<RecordReader> reader(new RecordReader(std::move(*file), path.string()));
  if (auto done = reader->read_frame(); !done) return tl::unexpected(done.error());
  return reader;
}

Result<void> RecordReader::read_frame() {
  const auto bytes = file_.bytes();
  if (const auto fault = fault_of_ends(bytes)) return corrupt(*fault);
  const Trailer trailer(bytes);
  const std::uint64_t end = bytes.size() - kRecordsTrailerBytes;
  if (!trailer.fits(end)) return corrupt("its trailer is damaged");
  const auto index = bytes.subspan(trailer.index_offset, end - trailer.index_offset);
  if (checksum(index) != trailer.index_checksum) {
    return corrupt("the checksum of its index is wrong");
  }
  const std::size_t parts_size = trailer.part_count * kRecordPartBytes;
  auto done = read_parts(index.first(parts_size));
  if (done) done = read_blocks(index.subspan(parts_size), trailer.order_offset);
  if (!done) return done;
  if (doc_count_ != trailer.doc_count) return corrupt("records are missing");
  order_ = bytes.subspan(trailer.order_offset, trailer.index_offset - trailer.order_offset);
  order_width_ = trailer.order_width;
  order_checksum_ = trailer.order_checksum;
  return {};
}

Result<void> RecordReader::read_parts(std::span<const std::byte> entries) {
  ByteReader reader(entries);
  while (!reader.at_end()) {
    RecordPart part;
    part.offset = reader.get<std::uint64_t>();
    part.dictionary_size = reader.get<std::uint32_t>();
    part.first_block = reader.get<std::uint32_t>();
    parts_.push_back(part);
    decoders_.push_back(std::make_unique<Decoder>());
  }
  return {};
}

/// Dictionaries and blocks stand one after the other and hold the records one after the other.
Result<void> RecordReader::read_blocks(std::span<const std::byte> entries, std::uint64_t end) {
  std::uint64_t position = kRecordsHeaderBytes;
  auto part = parts_.begin();
  const auto pass_dictionaries = [&] {
    for (; part != parts_.end() && part->first_block == blocks_.size(); ++part) {
      if (part->offset != position || part->dictionary_size > end - position) return false;
      position += part->dictionary_size;
    }
    return true;
  };
  ByteReader reader(entries);
  while (!reader.at_end()) {
    RecordBlock block;
    block.offset = reader.get<std::uint64_t>();
    block.size = reader.get<std::uint32_t>();
    block.raw_size = reader.get<std::uint32_t>();
    block.first_record = reader.get<std::uint32_t>();
    block.record_count = reader.get<std::uint32_t>();
    const bool fits = pass_dictionaries() && part != parts_.begin() && block.offset == position &&
                      block.size <= end - position && block.first_record == doc_count_ &&
                      block.record_count > 0 &&
                      block.raw_size / sizeof(std::uint32_t) >= block.record_count;
    if (!fits) return corrupt("its index is damaged");
    position += block.size;
    doc_count_ += block.record_count;
    blocks_.push_back(block);
  }
  const bool whole = pass_dictionaries() && part == parts_.end() && position == end;
  return whole ? Result<void>() : corrupt("its index is damaged");
}

std::span<const std::byte> RecordReader::part_bytes() const {
  const Trailer trailer(file_.bytes());
  return file_.bytes().subspan(kRecordsHeaderBytes, trailer.order_offset - kRecordsHeaderBytes);
}

Result<void> RecordReader::verify_order() const {
  std::call_once(order_once_, [&] { order_is_good_ = checksum(order_) == order_checksum_; });
  return order_is_good_ ? Result<void>() : corrupt("the checksum of its order is wrong");
}

Result<std::uint32_t> RecordReader::number(std::uint32_t doc) const {
  if (order_.empty()) return doc;
  if (auto done = verify_order(); !done) return tl::unexpected(done.error());
  std::uint32_t number = 0;
  std::memcpy(&number, order_.data() + doc * order_width_, order_width_);
  if (number >= doc_count_) return corrupt("its order is damaged");
  return number;
}

Result<std::string> RecordReader::record(std::uint32_t doc) const {
  const auto record = number(doc);
  if (!record) return tl::unexpected(record.error());
  const auto found = block_of(*record);
  if (!found) return tl::unexpected(found.error());
  const DecodedBlock& block = **found;
  const std::span<const std::byte> raw = block.raw;
  std::uint64_t begin = block.entry.record_count * sizeof(std::uint32_t);
  std::uint32_t length = 0;
  for (std::uint32_t i = 0; i <= *record - block.entry.first_record; ++i) {
    begin += length;
    std::memcpy(&length, raw.data() + i * sizeof(length), sizeof(length));
  }
  if (begin > raw.size() || length > raw.size() - begin) {
    return corrupt("the lengths of a block are damaged");
  }
  return std::string(reinterpret_cast<const char*>(raw.data()) + begin, length);
}

Result<RecordReader::BlockPtr> RecordReader::block_of(std::uint32_t record) const {
  const auto after = std::ranges::upper_bound(blocks_, record, {}, &RecordBlock::first_record);
  const RecordBlock& entry = *std::prev(after);
  if (auto block = cached(entry.first_record)) return block;
  auto block = decode(entry);
  if (block) cache(*block);
  return block;
}

Result<RecordReader::BlockPtr> RecordReader::decode(const RecordBlock& entry) const {
  const auto number = static_cast<std::uint32_t>(&entry - blocks_.data());
  const auto after = std::ranges::upper_bound(parts_, number, {}, &RecordPart::first_block);
  const auto part = std::prev(after);
  Decoder& decoder = *decoders_[static_cast<std::size_t>(part - parts_.begin())];
  std::call_once(decoder.once, [&] {
    decoder.decoder =
        BlockDecoder::create(file_.bytes().subspan(part->offset, part->dictionary_size));
  });
  if (!decoder.decoder) return corrupt(decoder.decoder.error().message);
  auto raw =
      decoder.decoder->decode(file_.bytes().subspan(entry.offset, entry.size), entry.raw_size);
  if (!raw) return corrupt(raw.error().message);
  return std::make_shared<const DecodedBlock>(DecodedBlock{entry, std::move(*raw)});
}

RecordReader::BlockPtr RecordReader::cached(std::uint32_t first_record) const {
  const std::scoped_lock lock(mutex_);
  for (std::size_t slot = 0; slot < cache_.size(); ++slot) {
    if (first_records_[slot] == first_record && cache_[slot] != nullptr) return cache_[slot];
  }
  return nullptr;
}

void RecordReader::cache(BlockPtr block) const {
  constexpr std::size_t kMaxCachedBytes = std::size_t{1} << 17U;
  if (block->raw.size() > kMaxCachedBytes) return;
  const std::scoped_lock lock(mutex_);
  first_records_[next_slot_] = block->entry.first_record;
  cache_[next_slot_] = std::move(block);
  next_slot_ = (next_slot_ + 1) % cache_.size();
}

}  // namespace trailsift::store
