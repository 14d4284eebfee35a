#include "indexer/ledger.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include "indexer/ledger_format.h"
#include "indexer/ledger_names.h"
#include "indexer/ledger_rows.h"
#include "indexer/quoted.h"

namespace trailsift::indexer {
namespace {

constexpr std::size_t kMostErrorBytes = 1024;
// Rows that one record() removes, so that it never takes long; more when it adds more.
constexpr std::uint64_t kLeastPruned = 500;

std::int64_t as_integer(Timestamp time) {
  return time.time_since_epoch().count();
}

/// Changes to the sums, by state; kPruned for what goes. Unsigned arithmetic wraps, so that what is
/// taken away is right when it is added up.
using SumChanges = std::map<std::int64_t, DeliverySums>;

DeliverySums negative(const DeliverySums& sums) {
  const DeliveryCounts& counts = sums.counts;
  return {0 - sums.deliveries,
          0 - sums.attempts,
          {0 - counts.read, 0 - counts.indexed, 0 - counts.duplicates, 0 - counts.filtered,
           0 - counts.rejected, 0 - counts.bytes}};
}

std::int64_t number_of(DeliveryState state) {
  return static_cast<std::int64_t>(state);
}

class SqliteLedger final : public Ledger {
 public:
  SqliteLedger(Sqlite database, LedgerRows rows, SqliteStatement change_sums, SqliteStatement count,
               LedgerOptions options)
      : options_(std::move(options)),
        database_(std::move(database)),
        rows_(std::move(rows)),
        change_sums_(std::move(change_sums)),
        count_(std::move(count)) {}

  Result<void> record(std::span<const DeliveryOutcome> outcomes) override;
  Result<std::vector<bool>> settled(std::span<const DeliveryName> names) override;

 private:
  Result<void> change_rows(const std::function<Result<void>(SumChanges&)>& body);
  Result<void> record_one(const DeliveryOutcome& outcome, SumChanges& changes);
  Result<void> change_sums(const SumChanges& changes);
  Result<void> prune(std::uint64_t most);
  Result<std::uint64_t> row_count();

  const LedgerOptions options_;
  std::mutex mutex_;  // Guards everything below.
  Sqlite database_;
  // Behind database_: they must go first.
  LedgerRows rows_;
  SqliteStatement change_sums_;
  SqliteStatement count_;
};

std::uint64_t attempts_of(const DeliveryOutcome& outcome) {
  return outcome.state == DeliveryState::received ? 0 : 1;
}

/// What is kept of an attempt, as the first at its delivery.
Delivery row_of(const DeliveryOutcome& outcome) {
  Delivery row;
  static_cast<DeliveryOutcome&>(row) = outcome;
  static_cast<DeliveryName&>(row) = kept_name(outcome);
  row.error = shortened(outcome.error, kMostErrorBytes);
  row.attempts = attempts_of(outcome);
  return row;
}

DeliverySums sums_of(const Delivery& row) {
  return {1, row.attempts, row.counts};
}

Result<void> SqliteLedger::record(std::span<const DeliveryOutcome> outcomes) {
  if (outcomes.empty()) return {};
  const std::scoped_lock lock(mutex_);
  auto done = change_rows([&](SumChanges& changes) -> Result<void> {
    for (const DeliveryOutcome& outcome : outcomes) {
      if (auto one = record_one(outcome, changes); !one) return one;
    }
    return {};
  });
  if (!done) return done;
  return prune(std::max<std::uint64_t>(kLeastPruned, 2 * outcomes.size()));
}

bool is_settled(DeliveryState state) {
  return state == DeliveryState::indexed || state == DeliveryState::skipped ||
         state == DeliveryState::quarantined;
}

Result<std::vector<bool>> SqliteLedger::settled(std::span<const DeliveryName> names) {
  const std::scoped_lock lock(mutex_);
  std::vector<bool> settled;
  settled.reserve(names.size());
  for (const DeliveryName& name : names) {
    const auto row = rows_.find(name_key(name));
    if (!row) return tl::unexpected(row.error());
    settled.push_back(*row && is_settled((*row)->state));
  }
  return settled;
}

/// Runs `body` as a transaction, in which the sums follow the rows.
Result<void> SqliteLedger::change_rows(const std::function<Result<void>(SumChanges&)>& body) {
  return database_.transaction([&]() -> Result<void> {
    SumChanges changes;
    rows_.begin();
    if (auto done = body(changes); !done) return done;
    if (auto done = rows_.end(); !done) return done;
    return change_sums(changes);
  });
}

Result<void> SqliteLedger::record_one(const DeliveryOutcome& outcome, SumChanges& changes) {
  const std::string key = name_key(outcome);
  const auto before = rows_.find(key);
  if (!before) return tl::unexpected(before.error());
  Delivery row = row_of(outcome);
  if (*before) {
    row.id = (*before)->id;
    row.attempts += (*before)->attempts;
    row.counts += (*before)->counts;
    changes[number_of((*before)->state)] += negative(sums_of(**before));
  }
  changes[number_of(row.state)] += sums_of(row);
  return *before ? rows_.update(row) : rows_.insert(row, key);
}

Result<void> SqliteLedger::change_sums(const SumChanges& changes) {
  for (const auto& [state, change] : changes) {
    change_sums_.bind(1, static_cast<std::int64_t>(change.deliveries));
    change_sums_.bind(2, static_cast<std::int64_t>(change.attempts));
    bind_counts(change_sums_, 3, change.counts);
    change_sums_.bind(9, state);
    if (auto done = change_sums_.run(); !done) return done;
  }
  return {};
}

Result<std::uint64_t> SqliteLedger::row_count() {
  const auto row = count_.step();
  if (!row) return tl::unexpected(row.error());
  const auto count = static_cast<std::uint64_t>(count_.integer(0));
  count_.reset();
  return count;
}

/// Removes the oldest rows that are too old or too many, `most` at most.
Result<void> SqliteLedger::prune(std::uint64_t most) {
  const Timestamp now =
      options_.now
          ? options_.now()
          : std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const std::int64_t oldest_kept = as_integer(now - options_.age);
  return change_rows([&](SumChanges& changes) -> Result<void> {
    const auto count = row_count();
    if (!count) return tl::unexpected(count.error());
    const std::uint64_t surplus = *count - std::min(*count, options_.rows);
    for (std::uint64_t gone = 0; gone < most; ++gone) {
      const auto oldest = rows_.oldest();
      if (!oldest) return tl::unexpected(oldest.error());
      if (!*oldest) break;
      const Delivery& row = **oldest;
      if (as_integer(row.received) >= oldest_kept && gone >= surplus) break;
      if (auto done = rows_.remove(row); !done) return done;
      changes[number_of(row.state)] += negative(sums_of(row));
      changes[kPruned] += sums_of(row);
    }
    return {};
  });
}

constexpr const char* kChangeSums =
    "UPDATE sums SET deliveries=deliveries+?1,attempts=attempts+?2,read=read+?3,"
    "indexed=indexed+?4,duplicates=duplicates+?5,filtered=filtered+?6,rejected=rejected+?7,"
    "bytes=bytes+?8 WHERE state=?9";
constexpr const char* kCount = "SELECT total(deliveries) FROM sums WHERE state>=0";

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::open(const std::filesystem::path& data_directory,
                                             LedgerOptions options) {
  auto database =
      Sqlite::open(data_directory / kLedgerFile, kLedgerSchema, Sqlite::Sync::on_checkpoint);
  if (!database) return tl::unexpected(database.error());
  auto rows = LedgerRows::open(*database);
  if (!rows) return tl::unexpected(rows.error());
  auto change_sums = database->prepare(kChangeSums);
  if (!change_sums) return tl::unexpected(change_sums.error());
  auto count = database->prepare(kCount);
  if (!count) return tl::unexpected(count.error());
  return std::make_unique<SqliteLedger>(std::move(*database), std::move(*rows),
                                        std::move(*change_sums), std::move(*count),
                                        std::move(options));
}

}  // namespace trailsift::indexer
