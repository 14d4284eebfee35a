#include "indexer/ledger.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

#include "indexer/ledger_format.h"
#include "indexer/utf8.h"
#include "store/term_hash.h"

namespace trailsift::indexer {
namespace {

constexpr std::size_t kMostObjectBytes = 4096;
constexpr std::size_t kMostErrorBytes = 1024;
constexpr std::size_t kMostNameBytes = 256;
// Rows that one record() removes, so that it never takes long; more when it adds more.
constexpr std::uint64_t kLeastPruned = 500;

std::int64_t as_integer(Timestamp time) {
  return time.time_since_epoch().count();
}

/// Row keys of hostile names must not collide, whatever their length.
std::string key_of(const DeliveryOutcome& outcome) {
  std::string text;
  for (const std::string* part : {&outcome.source, &outcome.object, &outcome.etag}) {
    text.append(std::to_string(part->size())).append(" ").append(*part);
  }
  return store::term_hash(text);
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

std::int64_t row_of(DeliveryState state) {
  return static_cast<std::int64_t>(state);
}

class SqliteLedger final : public Ledger {
 public:
  /// The statements that are run for every row.
  struct Statements {
    SqliteStatement insert, find, update, change_sums, count, oldest, remove;
  };

  SqliteLedger(Sqlite database, Statements statements, LedgerOptions options)
      : options_(std::move(options)), database_(std::move(database)), do_(std::move(statements)) {}

  Result<void> record(std::span<const DeliveryOutcome> outcomes) override;

 private:
  Result<void> record_one(const DeliveryOutcome& outcome, SumChanges& changes);
  Result<bool> insert(const std::string& key, const DeliveryOutcome& outcome);
  Result<void> add_attempt(const std::string& key, const DeliveryOutcome& outcome,
                           SumChanges& changes);
  Result<void> change_sums(const SumChanges& changes);
  Result<void> prune(std::uint64_t most);
  Result<std::uint64_t> row_count();

  const LedgerOptions options_;
  std::mutex mutex_;  // Guards everything below.
  Sqlite database_;
  Statements do_;  // Behind database_: they must go first.
};

std::uint64_t attempts_of(const DeliveryOutcome& outcome) {
  return outcome.state == DeliveryState::received ? 0 : 1;
}

Result<void> SqliteLedger::record(std::span<const DeliveryOutcome> outcomes) {
  if (outcomes.empty()) return {};
  const std::scoped_lock lock(mutex_);
  auto done = database_.transaction([&]() -> Result<void> {
    SumChanges changes;
    for (const DeliveryOutcome& outcome : outcomes) {
      if (auto one = record_one(outcome, changes); !one) return one;
    }
    return change_sums(changes);
  });
  if (!done) return done;
  return prune(std::max<std::uint64_t>(kLeastPruned, 2 * outcomes.size()));
}

Result<void> SqliteLedger::record_one(const DeliveryOutcome& outcome, SumChanges& changes) {
  const std::string key = key_of(outcome);
  const auto is_new = insert(key, outcome);
  if (!is_new) return tl::unexpected(is_new.error());
  if (!*is_new) return add_attempt(key, outcome, changes);
  changes[row_of(outcome.state)] += {1, attempts_of(outcome), outcome.counts};
  return {};
}

/// False when there is such a row already.
Result<bool> SqliteLedger::insert(const std::string& key, const DeliveryOutcome& outcome) {
  SqliteStatement& row = do_.insert;
  row.bind(1, key);
  row.bind(2, shortened_utf8(outcome.source, kMostNameBytes));
  row.bind(3, shortened_utf8(outcome.object, kMostObjectBytes));
  row.bind(4, shortened_utf8(outcome.etag, kMostNameBytes));
  row.bind(5, as_integer(outcome.received));
  outcome.finished ? row.bind(6, as_integer(*outcome.finished)) : row.bind_null(6);
  outcome.newest ? row.bind(7, as_integer(*outcome.newest)) : row.bind_null(7);
  row.bind(8, row_of(outcome.state));
  row.bind(9, static_cast<std::int64_t>(attempts_of(outcome)));
  row.bind(10, shortened_utf8(outcome.error, kMostErrorBytes));
  bind_counts(row, 11, outcome.counts);
  if (auto done = row.run(); !done) return tl::unexpected(done.error());
  return database_.changes() > 0;
}

Result<void> SqliteLedger::add_attempt(const std::string& key, const DeliveryOutcome& outcome,
                                       SumChanges& changes) {
  do_.find.bind(1, key);
  const auto found = do_.find.step();
  if (!found) return tl::unexpected(found.error());
  const std::int64_t id = do_.find.integer(0);
  const std::int64_t old_state = do_.find.integer(1);
  DeliverySums row{1, static_cast<std::uint64_t>(do_.find.integer(2)), counts_in(do_.find, 3)};
  do_.find.reset();

  changes[old_state] += negative(row);
  row += {0, attempts_of(outcome), outcome.counts};
  changes[row_of(outcome.state)] += row;
  SqliteStatement& update = do_.update;
  update.bind(1, row_of(outcome.state));
  outcome.finished ? update.bind(2, as_integer(*outcome.finished)) : update.bind_null(2);
  outcome.newest ? update.bind(3, as_integer(*outcome.newest)) : update.bind_null(3);
  update.bind(4, static_cast<std::int64_t>(row.attempts));
  update.bind(5, shortened_utf8(outcome.error, kMostErrorBytes));
  bind_counts(update, 6, row.counts);
  update.bind(12, id);
  return update.run();
}

Result<void> SqliteLedger::change_sums(const SumChanges& changes) {
  for (const auto& [state, change] : changes) {
    do_.change_sums.bind(1, static_cast<std::int64_t>(change.deliveries));
    do_.change_sums.bind(2, static_cast<std::int64_t>(change.attempts));
    bind_counts(do_.change_sums, 3, change.counts);
    do_.change_sums.bind(9, state);
    if (auto done = do_.change_sums.run(); !done) return done;
  }
  return {};
}

Result<std::uint64_t> SqliteLedger::row_count() {
  const auto row = do_.count.step();
  if (!row) return tl::unexpected(row.error());
  const auto count = static_cast<std::uint64_t>(do_.count.integer(0));
  do_.count.reset();
  return count;
}

/// Removes the oldest rows that are too old or too many, `most` at most.
Result<void> SqliteLedger::prune(std::uint64_t most) {
  const Timestamp now =
      options_.now
          ? options_.now()
          : std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const std::int64_t oldest_kept = as_integer(now - options_.age);
  return database_.transaction([&]() -> Result<void> {
    const auto count = row_count();
    if (!count) return tl::unexpected(count.error());
    const std::uint64_t surplus = *count - std::min(*count, options_.rows);
    SumChanges changes;
    for (std::uint64_t gone = 0; gone < most; ++gone) {
      const auto row = do_.oldest.step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      const DeliverySums sums{1, static_cast<std::uint64_t>(do_.oldest.integer(3)),
                              counts_in(do_.oldest, 4)};
      const std::int64_t id = do_.oldest.integer(0);
      const std::int64_t state = do_.oldest.integer(2);
      const bool too_old = do_.oldest.integer(1) < oldest_kept;
      do_.oldest.reset();
      if (!too_old && gone >= surplus) break;
      do_.remove.bind(1, id);
      if (auto done = do_.remove.run(); !done) return done;
      changes[state] += negative(sums);
      changes[kPruned] += sums;
    }
    return change_sums(changes);
  });
}

/// The statements, in the order of SqliteLedger::Statements.
constexpr std::array kStatements = {
    "INSERT INTO deliveries(key,source,object,etag,received,finished,newest,state,attempts,error,"
    "read,indexed,duplicates,filtered,rejected,bytes) "
    "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16) ON CONFLICT(key) DO NOTHING",
    "SELECT id,state,attempts,read,indexed,duplicates,filtered,rejected,bytes "
    "FROM deliveries WHERE key=?1",
    "UPDATE deliveries SET state=?1,finished=?2,"
    "newest=CASE WHEN newest IS NULL OR newest<?3 THEN ?3 ELSE newest END,"
    "attempts=?4,error=?5,read=?6,indexed=?7,duplicates=?8,filtered=?9,rejected=?10,bytes=?11 "
    "WHERE id=?12",
    "UPDATE sums SET deliveries=deliveries+?1,attempts=attempts+?2,read=read+?3,"
    "indexed=indexed+?4,duplicates=duplicates+?5,filtered=filtered+?6,rejected=rejected+?7,"
    "bytes=bytes+?8 WHERE state=?9",
    "SELECT total(deliveries) FROM sums WHERE state>=0",
    "SELECT id,received,state,attempts,read,indexed,duplicates,filtered,rejected,bytes "
    "FROM deliveries ORDER BY received,id LIMIT 1",
    "DELETE FROM deliveries WHERE id=?1",
};

}  // namespace

DeliveryCounts counts_in(const SqliteStatement& row, int column) {
  const auto count = [&](int at) { return static_cast<std::uint64_t>(row.integer(column + at)); };
  return {count(0), count(1), count(2), count(3), count(4), count(5)};
}

void bind_counts(SqliteStatement& statement, int parameter, const DeliveryCounts& counts) {
  for (const std::uint64_t count : {counts.read, counts.indexed, counts.duplicates, counts.filtered,
                                    counts.rejected, counts.bytes}) {
    statement.bind(parameter++, static_cast<std::int64_t>(count));
  }
}

Result<std::unique_ptr<Ledger>> Ledger::open(const std::filesystem::path& data_directory,
                                             LedgerOptions options) {
  auto database =
      Sqlite::open(data_directory / kLedgerFile, kLedgerSchema, Sqlite::Sync::on_checkpoint);
  if (!database) return tl::unexpected(database.error());
  std::vector<SqliteStatement> made;
  for (const char* const sql : kStatements) {
    auto statement = database->prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    made.push_back(std::move(*statement));
  }
  auto next = made.begin();
  const auto take = [&next] { return std::move(*next++); };
  SqliteLedger::Statements statements{take(), take(), take(), take(), take(), take(), take()};
  return std::make_unique<SqliteLedger>(std::move(*database), std::move(statements),
                                        std::move(options));
}

}  // namespace trailsift::indexer
