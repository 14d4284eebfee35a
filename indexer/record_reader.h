#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "indexer/file_kind.h"
#include "indexer/inflate.h"
#include "indexer/limits.h"
#include "schema/event.h"
#include "schema/flatten.h"

namespace trailsift::indexer {

constexpr std::size_t kMaxExcerptBytes = 4096;

/// A stretch of a file that was read and is no event.
struct RejectedStretch {
  std::uint64_t offset = 0;  ///< Where it begins in the inflated text.
  Reject reason = Reject::invalid_json;
  std::string detail;   ///< For a person.
  std::string excerpt;  ///< The first bytes of it, at most kMaxExcerptBytes.
};

/// Takes what read_records() finds, in the order of the file. False ends the reading.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  virtual bool on_event(Event event) = 0;
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
