#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/error.h"
#include "store/block_codec.h"
#include "store/file.h"
#include "store/records_format.h"

namespace trailsift::store {

/// A dictionary for `doc_count` records, made of some that stand evenly spaced among them.
Result<std::string> make_dictionary(
    std::uint32_t doc_count, const std::function<Result<std::string>(std::uint32_t doc)>& record);

/// Writes the file `records`, in the order of the documents.
class RecordWriter {
 public:
  static Result<RecordWriter> create(const std::filesystem::path& path,
                                     std::string_view dictionary);

  /// too_large when the record is.
  Result<void> add(std::string_view record);
  Result<WrittenFile> finish(bool durable);

 private:
  RecordWriter(FileWriter file, std::string_view dictionary);
  Result<void> flush_block();

  FileWriter file_;
  BlockEncoder encoder_;
  std::size_t dictionary_bytes_;
  std::uint64_t dictionary_checksum_;
  std::vector<std::uint32_t> lengths_;
  std::string raw_;  // The records of the block under way.
  std::uint32_t doc_count_ = 0;
  std::vector<RecordBlock> index_;
};

}  // namespace trailsift::store
