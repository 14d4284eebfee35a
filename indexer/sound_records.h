#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "indexer/limits.h"
#include "store/event_batch.h"

namespace trailsift::indexer {

/// Reads files in which nothing is wrong, several times faster than read_records(): texts of the
/// form {"Records":[…]} whose elements are all events. One thread; memory is used again.
class SoundRecords {
 public:
  explicit SoundRecords(const IngestLimits& limits);
  ~SoundRecords();
  SoundRecords(const SoundRecords&) = delete;
  SoundRecords& operator=(const SoundRecords&) = delete;

  /// Adds all records of `text` to the batch and answers how many; nullopt when anything is out of
  /// the ordinary, and the batch is as it was: then read_records() knows what to do. Behind the
  /// text WholeFile::kPadding bytes can be read.
  std::optional<std::size_t> read(std::string_view text, std::string_view log_file,
                                  store::EventBatch& batch);

 private:
  class Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace trailsift::indexer
