#include "indexer/ledger_format.h"
#include "indexer/ledger_names.h"
#include "indexer/ledger_rows.h"

namespace trailsift::indexer {
namespace {

using std::chrono::milliseconds;

std::optional<Timestamp> time_in(const SqliteStatement& row, int column) {
  if (row.is_null(column)) return std::nullopt;
  return Timestamp(milliseconds(row.integer(column)));
}

Delivery old_delivery_in(const SqliteStatement& row) {
  Delivery delivery;
  delivery.id = row.integer(0);
  delivery.state = state_in(row, 1);
  delivery.attempts = static_cast<std::uint64_t>(row.integer(2));
  delivery.counts = counts_in(row, 3);
  delivery.source = row.text(9);
  delivery.object = row.text(10);
  delivery.etag = row.text(11);
  delivery.received = Timestamp(milliseconds(row.integer(12)));
  delivery.finished = time_in(row, 13);
  delivery.newest = time_in(row, 14);
  delivery.error = row.text(15);
  return delivery;
}

Result<void> copy_rows(Sqlite& database) {
  auto rows = LedgerRows::open(database);
  if (!rows) return tl::unexpected(rows.error());
  auto old = database.prepare(
      "SELECT id,state,attempts,read,indexed,duplicates,filtered,rejected,bytes,"
      "source,object,etag,received,finished,newest,error,key FROM old_deliveries ORDER BY id");
  if (!old) return tl::unexpected(old.error());
  rows->begin();
  while (true) {
    const auto row = old->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return rows->end();
    // The key was of the same bits, in hexadecimal.
    const std::string key = bytes_of_hex(old->text(16));
    if (auto done = rows->insert(old_delivery_in(*old), key); !done) return done;
  }
}

}  // namespace

Result<void> upgrade_ledger(Sqlite& database, std::int64_t /*version*/) {
  // Indexes keep their names when a table is renamed.
  for (const char* const sql :
       {"DROP INDEX deliveries_received", "DROP INDEX deliveries_unusual",
        "ALTER TABLE deliveries RENAME TO old_deliveries", "ALTER TABLE sums RENAME TO old_sums",
        kLedgerSchema.tables, "DELETE FROM sums", "INSERT INTO sums SELECT * FROM old_sums",
        "DROP TABLE old_sums"}) {
    if (auto done = database.run(sql); !done) return done;
  }
  if (auto done = copy_rows(database); !done) return done;
  return database.run("DROP TABLE old_deliveries");
}

}  // namespace trailsift::indexer
