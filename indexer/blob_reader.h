#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "indexer/exclude_filter.h"
#include "indexer/file_kind.h"
#include "indexer/limits.h"
#include "indexer/quarantine.h"
#include "indexer/sound_records.h"
#include "indexer/source.h"
#include "indexer/whole_file.h"
#include "store/event_batch.h"

namespace trailsift::indexer {

/// What came of a blob, or of a stretch of it, beside the events that went into the batch.
struct BlobAccount {
  std::uint64_t events = 0;    ///< That went into the batch.
  std::uint64_t filtered = 0;  ///< That the filter excluded.
  std::vector<QuarantineEntry> rejected;
  bool unlisted = false;            ///< Not all of `rejected` found room on the quarantine list.
  std::uint64_t bytes = 0;          ///< Taken of the blob, as delivered.
  bool begins_log = false;          ///< The first stretch of a log.
  std::optional<FileKind> skipped;  ///< The blob's kind when it is no log.
  bool unreadable = false;          ///< The blob's bytes, or the rest of them, could not be had.
  bool ends = false;                ///< The last stretch.
};

/// Where a worker puts what it reads. One thread.
class BlobSink {
 public:
  virtual ~BlobSink() = default;

  /// The batch that events go into; take() may exchange it.
  virtual store::EventBatch& batch() = 0;
  /// Whether take() should be called before the blob's end.
  virtual bool is_full() const = 0;
  /// Takes note of a stretch that is whole, events in the batch included. False: no more is wanted.
  virtual bool take(BlobAccount account) = 0;
};

/// Reads blobs, one after the other. One thread.
class BlobReader {
 public:
  /// Borrows all three; a null `filter` excludes nothing.
  BlobReader(const IngestLimits& limits, BlobSink& sink, const ExcludeFilter* filter = nullptr)
      : limits_(limits), sink_(sink), filter_(filter), records_(limits, filter) {}

  /// Reads one blob. When `stop` is requested or take() returns false, what was read since the last
  /// take() is dropped from the batch: everything in it is whole.
  void read(const Blob& blob, const std::stop_token& stop);

 private:
  bool read_at_once(const std::string& blob_name, ByteStream& bytes);

  const IngestLimits& limits_;
  BlobSink& sink_;
  const ExcludeFilter* const filter_;
  WholeFile file_;
  SoundRecords records_;
};

/// What is to be said of a blob that could not be had.
BlobAccount unreadable(const std::string& blob_name, const Error& error);

}  // namespace trailsift::indexer
