#pragma once

#include <string>

#include "indexer/delivery.h"
#include "indexer/sqlite.h"

namespace trailsift::indexer {

/// What `deliveries.sqlite` holds, for the ledger's writer and its readers.

constexpr const char* kLedgerFile = "deliveries.sqlite";

/// The row of `sums` that stands for rows which are gone; the others are states.
constexpr std::int64_t kPruned = -1;

/// A ledger of format 1 becomes one of format 2, with the rows, ids and sums that it had. For
/// SqliteSchema::upgrade.
Result<void> upgrade_ledger(Sqlite& database, std::int64_t version);

/// A row is small, for there is one for each file of some tens of events: what many have in common
/// stands in `origins`, once. Nearly all rows are `indexed`; the others are few, and looked for.
constexpr SqliteSchema kLedgerSchema{
    .version = 2,
    .tables =
        "CREATE TABLE origins("
        "id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, uses INTEGER NOT NULL, "
        "source TEXT NOT NULL, beginning TEXT NOT NULL, ending TEXT NOT NULL);"
        "CREATE INDEX origins_hash ON origins(hash);"
        "CREATE TABLE deliveries("
        "id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, key BLOB, "
        "origin INTEGER NOT NULL, middle TEXT NOT NULL, etag NOT NULL, "
        "received INTEGER NOT NULL, took INTEGER, newest INTEGER, "
        "state INTEGER NOT NULL, attempts INTEGER NOT NULL, "
        "read INTEGER NOT NULL, indexed INTEGER NOT NULL, duplicates INTEGER NOT NULL, "
        "filtered INTEGER NOT NULL, rejected INTEGER NOT NULL, bytes INTEGER NOT NULL, "
        "error TEXT NOT NULL);"
        "CREATE INDEX deliveries_hash ON deliveries(hash);"
        "CREATE INDEX deliveries_received ON deliveries(received);"
        "CREATE INDEX deliveries_unusual ON deliveries(received) WHERE state <> 1;"
        "CREATE TABLE sums("
        "state INTEGER PRIMARY KEY, deliveries INTEGER NOT NULL, attempts INTEGER NOT NULL, "
        "read INTEGER NOT NULL, indexed INTEGER NOT NULL, duplicates INTEGER NOT NULL, "
        "filtered INTEGER NOT NULL, rejected INTEGER NOT NULL, bytes INTEGER NOT NULL);"
        "INSERT INTO sums VALUES(-1,0,0,0,0,0,0,0,0),(0,0,0,0,0,0,0,0,0),"
        "(1,0,0,0,0,0,0,0,0),(2,0,0,0,0,0,0,0,0),(3,0,0,0,0,0,0,0,0),"
        "(4,0,0,0,0,0,0,0,0);",
    .upgrade = upgrade_ledger};

/// What delivery_in() reads, of `deliveries` as `d` and `origins` as `o`.
constexpr const char* kDeliveryColumns =
    "d.id,d.state,d.attempts,d.read,d.indexed,d.duplicates,d.filtered,d.rejected,d.bytes,"
    "o.source,o.beginning,d.middle,o.ending,d.etag,d.received,d.took,d.newest,d.error,d.key";

/// The delivery in a row of these columns. Damage may have left any number.
Delivery delivery_in(const SqliteStatement& row);
/// Of the same row: the key where the delivery's name is longer than what is kept of it, or "".
std::string key_in(const SqliteStatement& row);

/// A state as it stands on disk; unknown ones read as failed.
DeliveryState state_in(const SqliteStatement& row, int column);

/// The counts that stand in a row from `column` on.
DeliveryCounts counts_in(const SqliteStatement& row, int column);
void bind_counts(SqliteStatement& statement, int parameter, const DeliveryCounts& counts);

}  // namespace trailsift::indexer
