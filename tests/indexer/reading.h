#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "indexer/limits.h"
#include "indexer/record_reader.h"
#include "indexer/source.h"

namespace trailsift::indexer::testing {

/// Says how many bytes the next read may give.
using ReadSizes = std::function<std::size_t()>;

ReadSizes reads_of(std::size_t size);
ReadSizes random_reads(std::uint64_t seed);

/// Bytes in memory, given out in reads of staged sizes; then the end, or the staged error.
class MemoryStream : public ByteStream {
 public:
  explicit MemoryStream(std::string bytes, ReadSizes sizes = reads_of(1UL << 20),
                        std::string error = "");
  Result<std::size_t> read(std::span<char> buffer) override;

 private:
  std::string bytes_;
  ReadSizes sizes_;
  std::string error_;
  std::size_t at_ = 0;
};

std::string gzip(std::string_view text, int level = 6);

/// A record of a few fields; `more` is put behind them: `,"a":1`.
std::string record(std::string_view id, std::string_view more = "");

/// `{"Records":[…]}` around records joined by commas.
std::string envelope(const std::vector<std::string>& records);

/// What became of a file.
struct Outcome : RecordSink {
  std::vector<std::string> ids;
  std::vector<std::string> records;  ///< The JSON of each event.
  std::vector<RejectedStretch> rejected;
  /// In order: ids as they are, rejections as `!reason@offset`; in front the kind unless it is a
  /// log.
  std::string summary;
  std::size_t stop_after = SIZE_MAX;  ///< Events after which the sink ends the reading.
  Event parsed;                       ///< The record that was parsed last.

  tl::expected<std::size_t, Rejection> parse(std::string_view text) override;
  bool on_record() override;
  bool on_rejected(RejectedStretch stretch) override;
};

Outcome read(ByteStream& stream, const IngestLimits& limits = {});

/// Reads `bytes` at once, in reads of 1, 7 and 4096 bytes and of random sizes, and expects the same
/// outcome each time.
Outcome read_all_ways(const std::string& bytes, const IngestLimits& limits = {});

}  // namespace trailsift::indexer::testing
