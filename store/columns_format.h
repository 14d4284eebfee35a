#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "schema/field.h"

namespace trailsift::store {

/// The layout of the file `columns`, shared by its writer and its reader. docs/format.md draws it.
///
///   header     magic, format version; padded to kSectionAlignment
///   sections   each at a multiple of kSectionAlignment
///   directory  one entry per section
///   trailer    where the directory is, its checksum, documents, magic

constexpr std::string_view kColumnsMagic = "TSCOLUMN";
constexpr std::uint32_t kColumnsVersion = 1;
constexpr std::string_view kColumnsEndMagic = "TSCOLEND";
constexpr std::size_t kSectionAlignment = 64;
constexpr std::size_t kColumnsTrailerBytes = 8 + 8 + 8 + 4 + 8;

/// Documents of one block of the time section.
constexpr std::uint32_t kTimeBlockDocs = 1024;

enum class SectionKind : std::uint8_t { column = 1, times = 2, id_filter = 3, words = 4 };

/// The counts that give a column section its layout. All zero for other sections.
struct ColumnShape {
  std::uint8_t ordinal_width = 0;  ///< Bytes: 1, 2 or 4.
  std::uint8_t offset_width = 0;   ///< Bytes: 4 or 8.
  std::uint8_t tuples = 0;         ///< 1 when ordinals name tuples.
  std::uint32_t value_count = 0;
  std::uint32_t ordinal_count = 0;
  std::uint64_t value_bytes = 0;
  std::uint64_t tuple_rank_count = 0;
};

/// What the directory says of one section.
struct SectionEntry {
  SectionKind kind = SectionKind::column;
  std::string name;  ///< Canonical field name of a column.
  std::string type;  ///< Its type's name.
  ColumnShape shape;
  std::uint64_t offset = 0;  ///< From the beginning of the file.
  std::uint64_t size = 0;
  std::uint64_t checksum = 0;
};

/// Where the arrays of a column section begin, from the section's beginning.
struct ColumnLayout {
  std::uint64_t block_offsets = 0;
  std::uint64_t value_bytes = 0;
  std::uint64_t ordinals = 0;
  std::uint64_t tuple_offsets = 0;
  std::uint64_t tuple_ranks = 0;
  std::uint64_t size = 0;  ///< Of the whole section.
};

/// The shape's byte counts must be smaller than 2^60.
ColumnLayout layout_of(const ColumnShape& shape, std::uint32_t doc_count);

/// The fewest of 1, 2 and 4 bytes that hold numbers below `ordinal_count`.
std::uint8_t ordinal_width(std::uint32_t ordinal_count);

std::string encode_directory(const std::vector<SectionEntry>& entries);
Result<std::vector<SectionEntry>> decode_directory(std::span<const std::byte> bytes);

}  // namespace trailsift::store
