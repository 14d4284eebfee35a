#include "store/columns_writer.h"

#include <cassert>
#include <cstring>
#include <limits>
#include <utility>

#include "store/bytes.h"
#include "store/id_filter.h"
#include "store/time_section.h"

namespace trailsift::store {
namespace {

/// Writes numbers of 1, 2, 4 or 8 bytes one after the other into a buffer that has room.
class NumberSink {
 public:
  NumberSink(std::byte* out, std::uint8_t width) : out_(out), width_(width) {}
  void put(std::uint64_t number) {
    std::memcpy(out_, &number, width_);  // Little-endian: the low bytes come first.
    out_ += width_;
  }

 private:
  std::byte* out_;
  std::uint8_t width_;
};

ColumnShape shape_of(const ColumnContent& column, const EncodedDictionary& dictionary) {
  ColumnShape shape;
  shape.value_bytes = dictionary.bytes.size();
  shape.ordinal_width = ordinal_width(column.ordinal_count);
  shape.offset_width = shape.value_bytes <= std::numeric_limits<std::uint32_t>::max() ? 4 : 8;
  shape.tuples = column.tuple_offsets.empty() ? 0 : 1;
  shape.value_count = static_cast<std::uint32_t>(column.values.size());
  shape.ordinal_count = column.ordinal_count;
  shape.tuple_rank_count = column.tuple_ranks.size();
  return shape;
}

std::vector<std::byte> encode_column(const ColumnContent& column,
                                     const EncodedDictionary& dictionary,
                                     const ColumnShape& shape) {
  const auto doc_count = static_cast<std::uint32_t>(column.ordinals.size());
  const ColumnLayout layout = layout_of(shape, doc_count);
  std::vector<std::byte> bytes(layout.size);
  NumberSink offsets(bytes.data() + layout.block_offsets, shape.offset_width);
  for (const auto offset : dictionary.block_offsets) offsets.put(offset);
  std::memcpy(bytes.data() + layout.value_bytes, dictionary.bytes.data(), dictionary.bytes.size());
  NumberSink ordinals(bytes.data() + layout.ordinals, shape.ordinal_width);
  for (const auto ordinal : column.ordinals) ordinals.put(ordinal);
  if (shape.tuples != 0) {
    NumberSink tuple_offsets(bytes.data() + layout.tuple_offsets, sizeof(std::uint32_t));
    for (const auto offset : column.tuple_offsets) tuple_offsets.put(offset);
    NumberSink ranks(bytes.data() + layout.tuple_ranks, sizeof(std::uint32_t));
    for (const auto rank : column.tuple_ranks) ranks.put(rank);
  }
  return bytes;
}

}  // namespace

Result<ColumnsWriter> ColumnsWriter::create(const std::filesystem::path& path,
                                            std::uint32_t doc_count) {
  auto file = FileWriter::create(path);
  if (!file) return tl::unexpected(file.error());
  ByteWriter version;
  version.put(kColumnsVersion);
  if (auto done = file->append(kColumnsMagic); !done) return tl::unexpected(done.error());
  if (auto done = file->append(version.bytes()); !done) return tl::unexpected(done.error());
  return ColumnsWriter(std::move(*file), doc_count);
}

ColumnsWriter::ColumnsWriter(FileWriter file, std::uint32_t doc_count)
    : file_(std::move(file)), doc_count_(doc_count) {}

Result<void> ColumnsWriter::add_column(const Field& field, const ColumnContent& column) {
  assert(column.ordinals.size() == doc_count_);
  SectionEntry entry;
  entry.kind = SectionKind::column;
  entry.name = field.name;
  entry.type = name(field.type);
  const auto dictionary = encode_dictionary(column.values);
  entry.shape = shape_of(column, dictionary);
  const auto bytes = encode_column(column, dictionary, entry.shape);
  if (has_words(field)) words_.add_column(field, column.values);
  return add_section(std::move(entry), bytes);
}

Result<void> ColumnsWriter::add_times(std::span<const Timestamp> times) {
  assert(times.size() == doc_count_);
  SectionEntry entry;
  entry.kind = SectionKind::times;
  return add_section(std::move(entry), encode_times(times));
}

Result<void> ColumnsWriter::add_id_filter(std::span<const std::string_view> ids) {
  SectionEntry entry;
  entry.kind = SectionKind::id_filter;
  return add_section(std::move(entry), IdFilter::build(ids));
}

Result<void> ColumnsWriter::add_section(SectionEntry entry, std::span<const std::byte> bytes) {
  if (auto done = file_.align(kSectionAlignment); !done) return done;
  entry.offset = file_.position();
  entry.size = bytes.size();
  entry.checksum = checksum(bytes);
  entries_.push_back(std::move(entry));
  return file_.append(bytes);
}

Result<WrittenFile> ColumnsWriter::finish(bool durable) {
  SectionEntry words;
  words.kind = SectionKind::words;
  const auto encoded = words_.encode();
  if (!encoded) return tl::unexpected(encoded.error());
  if (auto done = add_section(std::move(words), std::as_bytes(std::span(*encoded))); !done) {
    return tl::unexpected(done.error());
  }
  if (auto done = file_.align(kSectionAlignment); !done) return tl::unexpected(done.error());
  const std::string directory = encode_directory(entries_);
  ByteWriter trailer;
  trailer.put(file_.position());
  trailer.put(std::uint64_t{directory.size()});
  trailer.put(checksum(directory));
  trailer.put(doc_count_);
  if (auto done = file_.append(directory); !done) return tl::unexpected(done.error());
  if (auto done = file_.append(trailer.bytes()); !done) return tl::unexpected(done.error());
  if (auto done = file_.append(kColumnsEndMagic); !done) return tl::unexpected(done.error());
  return file_.finish(durable);
}

}  // namespace trailsift::store
