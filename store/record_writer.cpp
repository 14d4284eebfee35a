#include "store/record_writer.h"

#include <algorithm>
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

Result<RecordWriter> RecordWriter::create(const std::filesystem::path& path,
                                          std::string_view dictionary) {
  auto file = FileWriter::create(path);
  if (!file) return tl::unexpected(file.error());
  ByteWriter version;
  version.put(kRecordsVersion);
  for (const std::string_view part :
       {kRecordsMagic, std::string_view(version.bytes()), dictionary}) {
    if (auto done = file->append(part); !done) return tl::unexpected(done.error());
  }
  return RecordWriter(std::move(*file), dictionary);
}

RecordWriter::RecordWriter(FileWriter file, std::string_view dictionary)
    : file_(std::move(file)),
      encoder_(bytes_of(dictionary)),
      dictionary_bytes_(dictionary.size()),
      dictionary_checksum_(checksum(dictionary)) {}

Result<void> RecordWriter::add(std::string_view record) {
  if (record.size() > kMaxRecordBytes) {
    return fail(ErrorCode::too_large, "expected a record of at most " +
                                          std::to_string(kMaxRecordBytes) + " bytes, got " +
                                          std::to_string(record.size()));
  }
  lengths_.push_back(static_cast<std::uint32_t>(record.size()));
  raw_ += record;
  ++doc_count_;
  return raw_.size() < kBlockBytes ? Result<void>() : flush_block();
}

Result<void> RecordWriter::flush_block() {
  if (lengths_.empty()) return {};
  const auto lengths = std::as_bytes(std::span(lengths_));
  raw_.insert(0, reinterpret_cast<const char*>(lengths.data()), lengths.size());
  const auto block = encoder_.encode(bytes_of(raw_));
  if (!block) return tl::unexpected(block.error());
  const auto docs = static_cast<std::uint32_t>(lengths_.size());
  index_.push_back({file_.position(), static_cast<std::uint32_t>(block->size()),
                    static_cast<std::uint32_t>(raw_.size()), doc_count_ - docs, docs});
  lengths_.clear();
  raw_.clear();
  return file_.append(*block);
}

Result<WrittenFile> RecordWriter::finish(bool durable) {
  if (auto done = flush_block(); !done) return tl::unexpected(done.error());
  ByteWriter index;
  for (const auto& block : index_) {
    index.put(block.offset);
    index.put(block.size);
    index.put(block.raw_size);
    index.put(block.first_doc);
    index.put(block.doc_count);
  }
  ByteWriter trailer;
  trailer.put(std::uint64_t{dictionary_bytes_});
  trailer.put(dictionary_checksum_);
  trailer.put(file_.position());
  trailer.put(checksum(index.bytes()));
  trailer.put(static_cast<std::uint32_t>(index_.size()));
  trailer.put(doc_count_);
  for (const std::string_view part :
       {std::string_view(index.bytes()), std::string_view(trailer.bytes()), kRecordsEndMagic}) {
    if (auto done = file_.append(part); !done) return tl::unexpected(done.error());
  }
  return file_.finish(durable);
}

}  // namespace trailsift::store
