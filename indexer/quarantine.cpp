#include "indexer/quarantine.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "indexer/quarantine_format.h"
#include "indexer/quarantine_ndjson.h"
#include "indexer/quoted.h"
#include "indexer/sqlite.h"
#include "schema/utf8.h"
#include "store/file.h"
#include "store/term_hash.h"

namespace trailsift::indexer {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostUnwritten = 4UL << 20;
constexpr std::size_t kMostTextBytes = 4096;
constexpr std::size_t kIdDigits = 12;

constexpr const char* kInsert =
    "INSERT INTO entries(id,seen,source,offset,reason,detail,kind,size,excerpt,bytes) "
    "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10) ON CONFLICT(id) DO UPDATE SET "
    "kind=excluded.kind,size=excluded.size,excerpt=excluded.excerpt,bytes=excluded.bytes "
    "WHERE entries.bytes IS NULL AND excluded.bytes IS NOT NULL";
constexpr const char* kMeasure = "SELECT entries,bytes FROM totals";

void bind(SqliteStatement& row, const std::string& id, const QuarantineEntry& entry) {
  const std::string_view excerpt = std::string_view(entry.excerpt).substr(0, kMaxExcerptBytes);
  row.bind(1, id);
  row.bind(2, entry.seen.time_since_epoch().count());
  row.bind(3, shortened(entry.source, kMostTextBytes));
  row.bind(4, static_cast<std::int64_t>(entry.offset));
  row.bind(5, name(entry.reason));
  row.bind(6, shortened(entry.detail, kMostTextBytes));
  row.bind(7, static_cast<std::int64_t>(entry.kind));
  row.bind(8, static_cast<std::int64_t>(entry.size));
  const bool in_bytes = !entry.bytes.empty() && entry.bytes.starts_with(excerpt);
  in_bytes ? row.bind_null(9) : row.bind_bytes(9, excerpt);
  entry.bytes.empty() ? row.bind_null(10) : row.bind_bytes(10, entry.bytes);
}

class SqliteQuarantine final : public Quarantine {
 public:
  SqliteQuarantine(Sqlite database, SqliteStatement insert, SqliteStatement known)
      : database_(std::move(database)), insert_(std::move(insert)), known_(std::move(known)) {}
  ~SqliteQuarantine() override {
    // Nobody is left to tell a failure to; flush() is what promises.
    [[maybe_unused]] const auto written = flush();
  }
  SqliteQuarantine(const SqliteQuarantine&) = delete;
  SqliteQuarantine& operator=(const SqliteQuarantine&) = delete;

  Result<void> measure();
  Result<void> take_over(const fs::path& ndjson);
  Result<bool> add(const QuarantineEntry& entry) override;
  Result<void> flush() override;

 private:
  struct Unwritten {
    std::string id;
    QuarantineEntry entry;
  };
  Result<bool> has_room(const std::string& id);

  Sqlite database_;
  SqliteStatement insert_, known_;  // Behind database_: they must go first.
  std::vector<Unwritten> unwritten_;
  std::size_t unwritten_bytes_ = 0;
  // At most so much is on the list, unwritten_ included: others may have taken something off it.
  std::uint64_t entries_ = 0;
  std::uint64_t bytes_ = 0;
};

Result<void> SqliteQuarantine::measure() {
  auto statement = database_.prepare(kMeasure);
  if (!statement) return tl::unexpected(statement.error());
  if (auto row = statement->step(); !row) return tl::unexpected(row.error());
  entries_ = static_cast<std::uint64_t>(statement->integer(0)) + unwritten_.size();
  bytes_ = static_cast<std::uint64_t>(statement->integer(1)) + unwritten_bytes_;
  return {};
}

/// The old list goes once its entries are in the new one; a crash in between repeats nothing.
Result<void> SqliteQuarantine::take_over(const fs::path& ndjson) {
  std::error_code failed;
  if (!fs::exists(ndjson, failed)) return {};
  Result<void> done;
  auto read = for_each_in_ndjson(ndjson, [&](const QuarantineEntry& entry) {
    const auto added = add(entry);
    if (!added) done = tl::unexpected(added.error());
    return added.has_value();
  });
  if (!read) return read;
  if (done) done = flush();
  if (done) done = store::remove_tree(ndjson);
  return done ? store::sync_directory(ndjson.parent_path()) : done;
}

Result<bool> SqliteQuarantine::has_room(const std::string& id) {
  if (entries_ < kMaxQuarantineEntries) return true;
  if (auto done = flush(); !done) return tl::unexpected(done.error());
  known_.bind(1, id);
  auto known = known_.step();
  known_.reset();
  if (!known || *known) return known;
  if (auto measured = measure(); !measured) return tl::unexpected(measured.error());
  return entries_ < kMaxQuarantineEntries;
}

Result<bool> SqliteQuarantine::add(const QuarantineEntry& entry) {
  // First, so that no more than that waits, however long the disk is full.
  if (unwritten_bytes_ >= kMostUnwritten) {
    if (auto done = flush(); !done) return tl::unexpected(done.error());
  }
  Unwritten added{quarantine_id(entry), entry};
  auto room = has_room(added.id);
  if (!room || !*room) return room;
  std::string& bytes = added.entry.bytes;
  if (bytes.size() > kMaxKeptBytes || bytes_ + bytes.size() > kMaxQuarantineBytes) bytes = {};
  ++entries_;
  bytes_ += bytes.size();
  unwritten_bytes_ += bytes.size() + added.entry.excerpt.size();
  unwritten_.push_back(std::move(added));
  return true;
}

Result<void> SqliteQuarantine::flush() {
  if (unwritten_.empty()) return {};
  auto done = database_.transaction([&]() -> Result<void> {
    for (const Unwritten& one : unwritten_) {
      bind(insert_, one.id, one.entry);
      if (auto added = insert_.run(); !added) return added;
    }
    return {};
  });
  if (!done) return done;
  unwritten_.clear();
  unwritten_bytes_ = 0;
  return measure();  // Some were there already.
}

Result<Sqlite> open_list(const fs::path& data_directory) {
  return Sqlite::open(data_directory / kQuarantineFile, kQuarantineSchema, Sqlite::Sync::on_commit);
}

}  // namespace

std::string quarantine_id(const QuarantineEntry& entry) {
  const std::string key = std::to_string(entry.offset) + ' ' + std::string(name(entry.reason)) +
                          ' ' + to_utf8(entry.source);
  return store::term_hash(key).substr(0, kIdDigits);
}

Result<std::unique_ptr<Quarantine>> Quarantine::open(const fs::path& data_directory) {
  auto database = open_list(data_directory);
  if (!database) return tl::unexpected(database.error());
  auto insert = database->prepare(kInsert);
  if (!insert) return tl::unexpected(insert.error());
  auto known = database->prepare("SELECT 1 FROM entries WHERE id=?1");
  if (!known) return tl::unexpected(known.error());
  auto list = std::make_unique<SqliteQuarantine>(std::move(*database), std::move(*insert),
                                                 std::move(*known));
  if (auto measured = list->measure(); !measured) return tl::unexpected(measured.error());
  if (auto taken = list->take_over(data_directory / kNdjsonFile); !taken) {
    return tl::unexpected(taken.error());
  }
  return list;
}

Result<std::uint64_t> drop_quarantined(const fs::path& data_directory,
                                       std::span<const std::string> ids) {
  if (ids.empty()) return 0;
  // Entries of the previous format can only go once they are in this one.
  if (const auto list = Quarantine::open(data_directory); !list) {
    return tl::unexpected(list.error());
  }
  auto database = open_list(data_directory);
  if (!database) return tl::unexpected(database.error());
  auto remove = database->prepare("DELETE FROM entries WHERE id=?1");
  if (!remove) return tl::unexpected(remove.error());
  std::uint64_t gone = 0;
  const auto done = database->transaction([&]() -> Result<void> {
    for (const std::string& id : ids) {
      remove->bind(1, id);
      if (auto one = remove->run(); !one) return one;
      gone += static_cast<std::uint64_t>(database->changes());
    }
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  // The space is reused in any case.
  [[maybe_unused]] const auto shrunk = database->run("PRAGMA incremental_vacuum");
  return gone;
}

}  // namespace trailsift::indexer
