#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "schema/error.h"
#include "schema/field.h"
#include "store/column.h"
#include "store/columns_format.h"
#include "store/file.h"
#include "store/id_filter.h"
#include "store/time_section.h"
#include "store/word_index.h"

namespace trailsift::store {

/// The file `columns`, open. Structure is checked when it is opened; the checksum and the numbers
/// of a section when it is asked for first. Any thread.
class ColumnsReader {
 public:
  static Result<std::unique_ptr<ColumnsReader>> open(const std::filesystem::path& path);
  ~ColumnsReader();
  ColumnsReader(const ColumnsReader&) = delete;
  ColumnsReader& operator=(const ColumnsReader&) = delete;

  std::uint32_t doc_count() const { return doc_count_; }

  /// nullptr when no document has a value, or the field was not known when this was written.
  Result<const Column*> column(FieldIndex field) const;
  Result<const TimeSection*> times() const;
  Result<const IdFilter*> id_filter() const;
  Result<const WordIndex*> words() const;

  /// Checks every section, known or not, and the order of every dictionary: one line per fault.
  std::vector<std::string> check() const;

 private:
  struct Section;
  ColumnsReader(MappedFile file, std::string what);
  Result<void> read_structure();
  Result<void> add_section(SectionEntry entry);
  Result<void> open_section(Section& section) const;
  /// Verifies at the first call; afterwards only says what was found.
  Result<void> verified(const Section& section) const;
  Result<void> verify(const Section& section) const;
  static bool is_in_order(const Section& section);
  tl::unexpected<Error> corrupt(const std::string& message) const;

  MappedFile file_;
  std::string what_;  // The path, for messages.
  std::uint32_t doc_count_ = 0;
  std::vector<std::unique_ptr<Section>> sections_;
  std::vector<const Section*> by_field_;
  const Section* times_ = nullptr;
  const Section* id_filter_ = nullptr;
  const Section* words_ = nullptr;
};

}  // namespace trailsift::store
