#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "schema/field.h"
#include "schema/time.h"
#include "store/column_content.h"
#include "store/columns_format.h"
#include "store/file.h"
#include "store/word_index.h"

namespace trailsift::store {

/// Writes the file `columns`, section by section; the words of the columns come last by themselves.
class ColumnsWriter {
 public:
  static Result<ColumnsWriter> create(const std::filesystem::path& path, std::uint32_t doc_count);

  Result<void> add_column(const Field& field, const ColumnContent& column);
  /// The event times of all documents, descending.
  Result<void> add_times(std::span<const Timestamp> times);
  Result<void> add_id_filter(std::span<const std::string_view> ids);

  Result<WrittenFile> finish(bool durable);

 private:
  ColumnsWriter(FileWriter file, std::uint32_t doc_count);
  Result<void> add_section(SectionEntry entry, std::span<const std::byte> bytes);

  FileWriter file_;
  std::uint32_t doc_count_;
  std::vector<SectionEntry> entries_;
  WordIndexWriter words_;
};

}  // namespace trailsift::store
