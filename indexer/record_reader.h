#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "indexer/file_kind.h"
#include "indexer/inflate.h"
#include "indexer/limits.h"
#include "schema/flatten.h"

namespace trailsift::indexer {

constexpr std::size_t kMaxExcerptBytes = 4096;
/// Of a rejected stretch that is kept whole.
constexpr std::size_t kMaxKeptBytes = 1UL << 20;

/// A stretch of a file that was read and is no event.
struct RejectedStretch {
  std::uint64_t offset = 0;  ///< Where it begins in the inflated text.
  Reject reason = Reject::invalid_json;
  std::string detail;      ///< For a person.
  std::string excerpt;     ///< The first bytes of it, at most kMaxExcerptBytes.
  std::string bytes = {};  ///< All of it; empty when that is more than kMaxKeptBytes.
  std::uint64_t size = 0;  ///< Of all of it; 0 for the text's end.
};

/// Takes what read_records() finds, in the order of the file.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  /// Reads the record that `text` begins with, as parse_record() does, and answers with the bytes
  /// it took. It counts only when on_record() follows: the text may turn out to be no record's
  /// place.
  virtual tl::expected<std::size_t, Rejection> parse(std::string_view text) = 0;
  /// What was parsed last is a record of the file; its text is still valid. False ends the reading.
  virtual bool on_record() = 0;
  /// False ends the reading.
  virtual bool on_rejected(RejectedStretch stretch) = 0;
};

/// Reads the records of one file, and tells what kind of file it is.
///
/// The text is a sequence of JSON values with white space or commas between them: objects with a
/// `Records` array (or another array of records), arrays of records, and bare records (NDJSON).
/// Every stretch of it is an event, one rejection, or what belongs to none (separators, other
/// members beside `Records`). After damage, reading goes on at the next record that can be made
/// out. A text without any sign of a record is no log: nothing of it is rejected, unless it begins
/// with JSON that is cut off or broken.
FileKind read_records(Inflater& text, const IngestLimits& limits, RecordSink& sink);

}  // namespace trailsift::indexer
