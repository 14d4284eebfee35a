#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "schema/error.h"
#include "store/build_options.h"
#include "store/deletes.h"
#include "store/event_batch.h"
#include "store/segment.h"

namespace trailsift::store {

/// What a data directory holds at one moment: immutable, shared between threads.
struct Snapshot {
  std::uint64_t generation = 0;  ///< Grows with every commit and merge.
  std::vector<std::shared_ptr<const Segment>> segments;
  std::shared_ptr<const Deletes> deletes;  ///< Null: nothing was deleted.
  std::uint64_t events() const;            ///< Without those that were deleted.
};

/// Reads a data directory that a Writer, in this or another process, may be changing. Any thread.
class Reader {
 public:
  /// A directory without a manifest is not_found; an empty store (manifest without segments) is
  /// fine. `create_empty`: a missing or empty directory reads as an empty store (for `serve`).
  static Result<std::unique_ptr<Reader>> open(const std::filesystem::path& directory,
                                              bool create_empty = false);
  virtual ~Reader() = default;

  /// The newest snapshot. Cheap when nothing changed (one stat of the manifest). When the store
  /// cannot be read any more, the error; an earlier snapshot stays usable.
  virtual Result<std::shared_ptr<const Snapshot>> snapshot() = 0;
};

struct WriterOptions {
  bool durable = true;          ///< fsync; off only for scratch stores of tests.
  std::size_t merge_width = 8;  ///< Segments of one size class that are merged into one.
  std::uint32_t max_merged_events = 1'000'000;  ///< No merge makes a segment larger than this.
  bool background_merges = true;                ///< Off: merges run only in merge_all().
  TermsWriter terms_writer = TermsWriter::bulk;
};

/// What became of a batch.
struct CommitResult {
  std::uint64_t indexed = 0;
  std::uint64_t duplicates = 0;
  std::vector<char> kept = {};  ///< For each event of the batch: 0 when it was a duplicate.
};

/// The only writer of a data directory; holds its lock. Any thread; merges run on a thread of its
/// own.
class Writer {
 public:
  /// Creates the directory when missing and removes what a killed run left behind. A second writer
  /// gets ErrorCode::unavailable, naming the process that holds the lock where it is known.
  static Result<std::unique_ptr<Writer>> open(const std::filesystem::path& directory,
                                              const WriterOptions& options = {});
  /// Waits for a running merge.
  virtual ~Writer() = default;

  /// Drops the events whose id is known already (in the store, or deleted, earlier in the batch, or
  /// in a commit that is under way, for which this one waits), makes the rest one segment, durable
  /// and visible when this returns. All or nothing: after an error the store is as it was. An empty
  /// rest makes no segment. Commits of several threads are built side by side. What is
  /// left in the batch is only to be cleared.
  virtual Result<CommitResult> commit(EventBatch&& batch) = 0;

  /// Deletes the events with these ids: when this returns, no snapshot taken from then on has them,
  /// durably, and no commit indexes them again. Ids that are not there are passed over. Returns how
  /// many were there. All or nothing. Errors: too_large beyond kMaxDeletedIds.
  virtual Result<std::uint64_t> remove(std::span<const std::string> ids) = 0;

  /// Lets commits index those of these ids again that were deleted.
  virtual Result<void> permit(std::span<const std::string> ids) = 0;

  /// Runs the merges that the policy asks for until none is left.
  virtual Result<void> merge_all() = 0;

  virtual std::shared_ptr<const Snapshot> snapshot() const = 0;
};

/// Verifies a whole data directory: manifest, every segment, that no event id occurs twice and
/// that nothing foreign lies beside the segments; what a killed writer left is no fault. Returns
/// what is wrong, one line each.
Result<std::vector<std::string>> check(const std::filesystem::path& directory);

}  // namespace trailsift::store
