#include "store/record_writer.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <span>
#include <utility>

#include "store/bytes.h"
#include "store/checksum.h"

namespace trailsift::store {
namespace {

/// Bytes of one record that count: the longest ones must not fill the dictionary alone.
constexpr std::size_t kMaxSampleBytes = std::size_t{4} << 10;
constexpr std::uint32_t kSamples = 1500;
/// A dictionary takes no more than this part of the records it is for.
constexpr std::size_t kRecordBytesPerDictionaryByte = 50;

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string packed_order(std::span<const std::uint32_t> order) {
  const std::size_t width = order_number_bytes(static_cast<std::uint32_t>(order.size()));
  std::string packed(order.size() * width, '\0');
  for (std::size_t doc = 0; doc < order.size(); ++doc) {
    std::memcpy(packed.data() + doc * width, &order[doc], width);
  }
  return packed;
}

}  // namespace

Result<std::string> make_dictionary(
    std::uint32_t doc_count, const std::function<Result<std::string>(std::uint32_t doc)>& record) {
  std::string samples;
  std::vector<std::size_t> sizes;
  const std::uint32_t step = std::max(1U, doc_count / kSamples);
  for (std::uint32_t doc = step / 2; doc < doc_count; doc += step) {
    auto sample = record(doc);
    if (!sample) return sample;
    sizes.push_back(std::min(sample->size(), kMaxSampleBytes));
    samples.append(*sample, 0, sizes.back());
  }
  const std::size_t all = samples.size() * step;
  return train_dictionary(samples, sizes,
                          std::min(all / kRecordBytesPerDictionaryByte, kMaxDictionaryBytes));
}

Result<RecordWriter> RecordWriter::create(const std::filesystem::path& path) {
  auto file = FileWriter::create(path);
  if (!file) return tl::unexpected(file.error());
  ByteWriter version;
  version.put(kRecordsVersion);
  for (const std::string_view part : {kRecordsMagic, std::string_view(version.bytes())}) {
    if (auto done = file->append(part); !done) return tl::unexpected(done.error());
  }
  return RecordWriter(std::move(*file));
}

Result<void> RecordWriter::begin_part(std::string_view dictionary) {
  if (auto done = flush_block(); !done) return done;
  encoder_.emplace(bytes_of(dictionary));
  parts_.push_back({file_.position(), static_cast<std::uint32_t>(dictionary.size()),
                    static_cast<std::uint32_t>(blocks_.size())});
  return file_.append(dictionary);
}

Result<void> RecordWriter::add(std::string_view record) {
  assert(encoder_);
  if (record.size() > kMaxRecordBytes) {
    return fail(ErrorCode::too_large, "expected a record of at most " +
                                          std::to_string(kMaxRecordBytes) + " bytes, got " +
                                          std::to_string(record.size()));
  }
  lengths_.push_back(static_cast<std::uint32_t>(record.size()));
  raw_ += record;
  ++record_count_;
  return raw_.size() < kBlockBytes ? Result<void>() : flush_block();
}

Result<void> RecordWriter::append(const RecordReader& other) {
  if (auto done = flush_block(); !done) return done;
  // The parts of a file stand one behind the other.
  const auto parts = other.part_bytes();
  const std::uint64_t moved = file_.position() - kRecordsHeaderBytes;
  const auto first_block = static_cast<std::uint32_t>(blocks_.size());
  for (RecordPart part : other.parts()) {
    part.offset += moved;
    part.first_block += first_block;
    parts_.push_back(part);
  }
  for (RecordBlock block : other.blocks()) {
    block.offset += moved;
    block.first_record += record_count_;
    blocks_.push_back(block);
  }
  record_count_ += other.doc_count();
  encoder_.reset();
  return file_.append(parts);
}

Result<void> RecordWriter::flush_block() {
  if (lengths_.empty()) return {};
  const auto lengths = std::as_bytes(std::span(lengths_));
  raw_.insert(0, reinterpret_cast<const char*>(lengths.data()), lengths.size());
  const auto block = encoder_->encode(bytes_of(raw_));
  if (!block) return tl::unexpected(block.error());
  const auto records = static_cast<std::uint32_t>(lengths_.size());
  blocks_.push_back({file_.position(), static_cast<std::uint32_t>(block->size()),
                     static_cast<std::uint32_t>(raw_.size()), record_count_ - records, records});
  lengths_.clear();
  raw_.clear();
  return file_.append(*block);
}

Result<WrittenFile> RecordWriter::finish(std::span<const std::uint32_t> order, bool durable) {
  assert(order.empty() || order.size() == record_count_);
  if (auto done = flush_block(); !done) return tl::unexpected(done.error());
  ByteWriter index;
  for (const auto& part : parts_) {
    index.put(part.offset);
    index.put(part.dictionary_size);
    index.put(part.first_block);
  }
  for (const auto& block : blocks_) {
    index.put(block.offset);
    index.put(block.size);
    index.put(block.raw_size);
    index.put(block.first_record);
    index.put(block.record_count);
  }
  const std::string order_bytes = packed_order(order);
  ByteWriter trailer;
  trailer.put(file_.position());
  trailer.put(checksum(bytes_of(order_bytes)));
  trailer.put(std::uint64_t{file_.position() + order_bytes.size()});
  trailer.put(checksum(index.bytes()));
  trailer.put(static_cast<std::uint32_t>(parts_.size()));
  trailer.put(static_cast<std::uint32_t>(blocks_.size()));
  trailer.put(record_count_);
  trailer.put(static_cast<std::uint32_t>(order.size()));
  for (const std::string_view part :
       {std::string_view(order_bytes), std::string_view(index.bytes()),
        std::string_view(trailer.bytes()), kRecordsEndMagic}) {
    if (auto done = file_.append(part); !done) return tl::unexpected(done.error());
  }
  return file_.finish(durable);
}

}  // namespace trailsift::store
