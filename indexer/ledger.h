#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "indexer/delivery.h"
#include "schema/error.h"
#include "schema/time.h"

namespace trailsift::indexer {

/// What becomes of deliveries is kept in `deliveries.sqlite` of the data directory: one row for
/// each source, object and etag.
///
/// The row is written after the events are in the store. A crash or power failure in between
/// leaves a delivery without a row, or a row without its last attempt, but never a wrong row: the
/// next attempt makes it, and finds duplicates. The ledger decides nothing: a delivery may be read
/// again whatever its row says.

struct LedgerOptions {
  /// Rows that were received longer ago go, and the oldest beyond `rows`: some with each record(),
  /// so that none takes long.
  std::chrono::hours age = std::chrono::days(90);
  std::uint64_t rows = 1'000'000;
  std::function<Timestamp()> now;  ///< Unset: the system's clock.
};

/// Writes the ledger. Any thread; several processes may write at the same time.
class Ledger {
 public:
  /// Makes the file when missing. `corrupt` when it is damaged, or of another format.
  static Result<std::unique_ptr<Ledger>> open(const std::filesystem::path& data_directory,
                                              LedgerOptions options = {});
  virtual ~Ledger() = default;

  /// Adds attempts, all of them or none. For a delivery that has a row, the first `received` stays,
  /// counts are added up over the attempts, the newest `newest` stays, and state, `finished` and
  /// error become those of this attempt. A state of `received` begins an attempt and does not count
  /// as one. Texts are cut at 4,096 bytes (object), 1,024 (error) and 256; two objects that differ
  /// only behind that have rows of their own.
  virtual Result<void> record(std::span<const DeliveryOutcome> outcomes) = 0;

  /// For each name in turn: there is a row of this very source, object and etag, and its state is
  /// one that asks for no other attempt: indexed, skipped or quarantined.
  virtual Result<std::vector<bool>> settled(std::span<const DeliveryName> names) = 0;
};

/// Which deliveries are wanted. All conditions must hold.
struct DeliveryQuery {
  std::string source;  ///< Exactly this one; empty: any.
  std::string object;  ///< Somewhere in the object's name, as written; empty: any.
  std::optional<DeliveryState> state;
  std::optional<Timestamp> from;  ///< Received at or after.
  std::optional<Timestamp> to;    ///< Received before.
  std::uint64_t limit = 100;      ///< Rows of one page.
  std::string cursor;             ///< DeliveryPage::cursor of the page before; empty: the first.
};

/// Newest `received` first.
struct DeliveryPage {
  std::vector<Delivery> deliveries;
  std::string cursor;   ///< For the next page; empty on the last.
  DeliverySums totals;  ///< Over all that the query wants, on whatever page.
};

/// Reads the ledger, also while others write it: they do not wait, nor does the reader. A directory
/// without a ledger reads as an empty one. Any thread. A bad cursor is a bad_request.
Result<DeliveryPage> find_deliveries(const std::filesystem::path& data_directory,
                                     const DeliveryQuery& query);
/// Cheap, whatever the number of rows.
Result<LedgerSums> ledger_sums(const std::filesystem::path& data_directory);

/// Reads every byte of the ledger, and compares its sums with its rows. What is wrong, one line
/// each.
Result<std::vector<std::string>> check_ledger(const std::filesystem::path& data_directory);

}  // namespace trailsift::indexer
