#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/error.h"
#include "store/block_codec.h"
#include "store/file.h"
#include "store/record_reader.h"
#include "store/records_format.h"

namespace trailsift::store {

/// A dictionary for `doc_count` records, made of some that stand evenly spaced among them.
Result<std::string> make_dictionary(
    std::uint32_t doc_count, const std::function<Result<std::string>(std::uint32_t doc)>& record);

/// Writes the file `records`.
class RecordWriter {
 public:
  static Result<RecordWriter> create(const std::filesystem::path& path);

  /// The records that are added from here on are compressed with this dictionary.
  Result<void> begin_part(std::string_view dictionary);
  /// The next record, in a part that begin_part() began; too_large when it is.
  Result<void> add(std::string_view record);
  /// All records of another file, in the order they have in it, as they are compressed there.
  Result<void> append(const RecordReader& other);

  /// `order`: the number of each document's record, counted from 0 as they were added; empty when
  /// documents and records are in the same order.
  Result<WrittenFile> finish(std::span<const std::uint32_t> order, bool durable);

 private:
  explicit RecordWriter(FileWriter file) : file_(std::move(file)) {}
  Result<void> flush_block();

  FileWriter file_;
  std::optional<BlockEncoder> encoder_;
  std::vector<std::uint32_t> lengths_;
  std::string raw_;  // The records of the block under way.
  std::uint32_t record_count_ = 0;
  std::vector<RecordPart> parts_;
  std::vector<RecordBlock> blocks_;
};

}  // namespace trailsift::store
