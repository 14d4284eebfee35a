#pragma once

#include <cstddef>
#include <string>

#include "indexer/delivery.h"
#include "indexer/sqlite.h"

namespace trailsift::indexer {

/// What `deliveries.sqlite` holds, for the ledger's writer and its readers.

constexpr const char* kLedgerFile = "deliveries.sqlite";

/// The row of `sums` that stands for rows which are gone; the others are states.
constexpr std::int64_t kPruned = -1;

/// Nearly all rows are `indexed`; the others are few, and looked for.
constexpr SqliteSchema kLedgerSchema{
    .version = 1,
    .tables =
        "CREATE TABLE deliveries("
        "id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, "
        "source TEXT NOT NULL, object TEXT NOT NULL, etag TEXT NOT NULL, "
        "received INTEGER NOT NULL, finished INTEGER, newest INTEGER, "
        "state INTEGER NOT NULL, attempts INTEGER NOT NULL, "
        "read INTEGER NOT NULL, indexed INTEGER NOT NULL, duplicates INTEGER NOT NULL, "
        "filtered INTEGER NOT NULL, rejected INTEGER NOT NULL, bytes INTEGER NOT NULL, "
        "error TEXT NOT NULL);"
        "CREATE INDEX deliveries_received ON deliveries(received);"
        "CREATE INDEX deliveries_unusual ON deliveries(received) WHERE state <> 1;"
        "CREATE TABLE sums("
        "state INTEGER PRIMARY KEY, deliveries INTEGER NOT NULL, attempts INTEGER NOT NULL, "
        "read INTEGER NOT NULL, indexed INTEGER NOT NULL, duplicates INTEGER NOT NULL, "
        "filtered INTEGER NOT NULL, rejected INTEGER NOT NULL, bytes INTEGER NOT NULL);"
        "INSERT INTO sums VALUES(-1,0,0,0,0,0,0,0,0),(0,0,0,0,0,0,0,0,0),"
        "(1,0,0,0,0,0,0,0,0),(2,0,0,0,0,0,0,0,0),(3,0,0,0,0,0,0,0,0),"
        "(4,0,0,0,0,0,0,0,0);"};

/// The counts that stand in a row from `column` on.
DeliveryCounts counts_in(const SqliteStatement& row, int column);
void bind_counts(SqliteStatement& statement, int parameter, const DeliveryCounts& counts);

}  // namespace trailsift::indexer
