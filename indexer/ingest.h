#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

#include "indexer/exclude_filter.h"
#include "indexer/file_kind.h"
#include "indexer/ledger.h"
#include "indexer/limits.h"
#include "indexer/quarantine.h"
#include "indexer/source.h"
#include "schema/error.h"
#include "store/store.h"

namespace trailsift::indexer {

/// read = indexed + duplicates + filtered + rejected, always.
struct IngestAccount {
  std::uint64_t files = 0;    ///< Log files that were read (whole or in part).
  std::uint64_t skipped = 0;  ///< Files that are no CloudTrail logs (digests, Config, other).
  std::array<std::uint64_t, kFileKinds> skipped_by_kind{};  ///< The same, by FileKind.
  std::uint64_t read = 0;
  std::uint64_t indexed = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t filtered = 0;  ///< Excluded, whether or not they were known.
  std::uint64_t rejected = 0;
  std::uint64_t bytes = 0;  ///< As delivered (compressed), log files only.
  /// Why the ledger lacks deliveries of this run, or attempts at them: its first failure.
  std::optional<Error> unrecorded = {};
};

/// A look at a run from outside, about four times a second and once at the end.
struct IngestProgress {
  IngestAccount account;  ///< Events that are parsed but not yet committed count in `read` alone.
  std::optional<Source::Total> total;
  std::uint64_t bytes_taken = 0;  ///< As delivered, of all files: what `total.bytes` counts.
  std::chrono::steady_clock::duration elapsed{0};
};

/// When events are committed though the batch is not full. Small commits cost more, also to merge,
/// so both times grow with what the commit before took: a backlog fills its batches.
struct CommitEarly {
  using Clock = std::chrono::steady_clock;

  /// Nothing came for so long: what is on its way together is committed together. As long as the
  /// commit before took if that is longer, at most `after_first`.
  std::chrono::milliseconds after_quiet{20};
  /// At the latest so long after the first delivery of the batch was begun. Four times as long as
  /// the commit before took if that is longer, at most ten times this.
  std::chrono::milliseconds after_first{1000};

  /// When a batch is due that was begun at `first`, if nothing comes from `now` on.
  Clock::time_point due(Clock::time_point first, Clock::time_point now, Clock::duration took) const;
};

struct IngestOptions {
  std::size_t workers = 0;                  ///< 0: as many as cores.
  std::size_t batch_events = 100'000;       ///< Of one commit, at most.
  std::size_t memory_bytes = 512ULL << 20;  ///< Of all batches together; whichever comes first.
  std::optional<CommitEarly> commit_early = {};  ///< For sources that wait. Unset: when full.
  IngestLimits limits;
  std::shared_ptr<const ExcludeFilter> exclude = nullptr;  ///< Null: every event is indexed.
  Ledger* ledger = nullptr;          ///< Where each file gets a row; nullptr: nowhere.
  std::string source = "directory";  ///< Of those rows.
  std::function<void(const IngestProgress&)> progress = {};  ///< On the thread of ingest().
};

/// Reads every file of `source`, on as many threads as asked for, and commits its events through
/// `writer`. Bad records and files go to `quarantine` and never stop the run; an error about the
/// store does; one of the ledger is told in the account. When `stop` is requested, the files under
/// way are dropped, what was read whole is committed, and the account of what was done is returned.
/// The receipts of blobs are told after each commit. Whatever ends the run interrupts `source`.
/// Memory is bounded by the batches and the largest record, not by the input; building segments
/// takes as much again as the batches.
Result<IngestAccount> ingest(Source& source, store::Writer& writer, Quarantine& quarantine,
                             const IngestOptions& options, const std::stop_token& stop = {});

}  // namespace trailsift::indexer
