#include "store/columns_format.h"

#include <limits>

#include "store/bytes.h"
#include "store/dictionary.h"

namespace trailsift::store {
namespace {

std::uint64_t aligned(std::uint64_t position) {
  return (position + kSectionAlignment - 1) / kSectionAlignment * kSectionAlignment;
}

SectionEntry decode_entry(ByteReader& reader) {
  SectionEntry entry;
  entry.kind = static_cast<SectionKind>(reader.get<std::uint8_t>());
  entry.name = reader.get_name();
  entry.type = reader.get_name();
  entry.shape.ordinal_width = reader.get<std::uint8_t>();
  entry.shape.offset_width = reader.get<std::uint8_t>();
  entry.shape.tuples = reader.get<std::uint8_t>();
  entry.shape.value_count = reader.get<std::uint32_t>();
  entry.shape.ordinal_count = reader.get<std::uint32_t>();
  entry.shape.value_bytes = reader.get<std::uint64_t>();
  entry.shape.tuple_rank_count = reader.get<std::uint64_t>();
  entry.offset = reader.get<std::uint64_t>();
  entry.size = reader.get<std::uint64_t>();
  entry.checksum = reader.get<std::uint64_t>();
  return entry;
}

}  // namespace

ColumnLayout layout_of(const ColumnShape& shape, std::uint32_t doc_count) {
  ColumnLayout layout;
  const std::uint64_t blocks =
      (std::uint64_t{shape.value_count} + kDictionaryBlock - 1) / kDictionaryBlock;
  layout.value_bytes = aligned(layout.block_offsets + (blocks + 1) * shape.offset_width);
  layout.ordinals = aligned(layout.value_bytes + shape.value_bytes);
  layout.tuple_offsets = aligned(layout.ordinals + std::uint64_t{doc_count} * shape.ordinal_width);
  layout.size = layout.tuple_ranks = layout.tuple_offsets;
  if (shape.tuples != 0) {
    layout.tuple_ranks =
        aligned(layout.tuple_offsets + std::uint64_t{shape.ordinal_count} * sizeof(std::uint32_t));
    layout.size = aligned(layout.tuple_ranks + shape.tuple_rank_count * sizeof(std::uint32_t));
  }
  return layout;
}

std::uint8_t ordinal_width(std::uint32_t ordinal_count) {
  if (ordinal_count <= std::numeric_limits<std::uint8_t>::max() + 1U) return 1;
  return ordinal_count <= std::numeric_limits<std::uint16_t>::max() + 1U ? 2 : 4;
}

std::string encode_directory(const std::vector<SectionEntry>& entries) {
  ByteWriter out;
  out.put(static_cast<std::uint32_t>(entries.size()));
  for (const auto& entry : entries) {
    out.put(static_cast<std::uint8_t>(entry.kind));
    out.put_name(entry.name);
    out.put_name(entry.type);
    out.put(entry.shape.ordinal_width);
    out.put(entry.shape.offset_width);
    out.put(entry.shape.tuples);
    out.put(entry.shape.value_count);
    out.put(entry.shape.ordinal_count);
    out.put(entry.shape.value_bytes);
    out.put(entry.shape.tuple_rank_count);
    out.put(entry.offset);
    out.put(entry.size);
    out.put(entry.checksum);
  }
  return out.bytes();
}

Result<std::vector<SectionEntry>> decode_directory(std::span<const std::byte> bytes) {
  ByteReader reader(bytes);
  std::vector<SectionEntry> entries;
  const auto count = reader.get<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) entries.push_back(decode_entry(reader));
  if (!reader.ok() || !reader.at_end()) {
    return fail(ErrorCode::corrupt, "the directory of columns is damaged");
  }
  return entries;
}

}  // namespace trailsift::store
