#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "indexer/intake.h"
#include "indexer/ledger.h"
#include "indexer/limits.h"
#include "indexer/quarantine.h"
#include "schema/error.h"
#include "store/store.h"

namespace trailsift::indexer {

/// entries = replayed + kept.
struct ReplayAccount {
  std::uint64_t entries = 0;
  std::uint64_t replayed = 0;  ///< All of it is in the store now: taken off the list.
  std::uint64_t kept = 0;      ///< Still no event, or no bytes to try again with.
  std::uint64_t indexed = 0;
  std::uint64_t duplicates = 0;
};

struct ReplayOptions {
  std::size_t batch_events = 10'000;  ///< Of one commit, about.
  IngestLimits limits;
  /// Gets a row for each entry that events came of: source "quarantine", the entry's source as the
  /// object, its id as the etag. nullptr: none.
  Ledger* ledger = nullptr;
  /// Takes the entries that are messages, and fetches what they announce; an intake of the same
  /// store. nullptr: they are read as files, so those that hold no records stay.
  Intake* intake = nullptr;
  /// Told each entry that stays on the list, and why.
  std::function<void(const ListedEntry&, std::string_view why)> on_kept = {};
};

/// Reads entries of the quarantine list again, the way of delivered files, and commits what are
/// events now. An entry leaves the list after its events are in the store: after a crash in between
/// it is replayed again, and finds duplicates. When `stop` is requested, what was read whole is
/// committed. A failure of the store, the list or the ledger ends it.
Result<ReplayAccount> replay_quarantined(const std::filesystem::path& data_directory,
                                         std::span<const std::string> ids, store::Writer& writer,
                                         const ReplayOptions& options,
                                         const std::stop_token& stop = {});

}  // namespace trailsift::indexer
