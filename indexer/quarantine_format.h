#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "indexer/quarantine.h"
#include "indexer/sqlite.h"

namespace trailsift::indexer {

/// What `quarantine.sqlite` holds, for the list's writer and its readers.

constexpr const char* kQuarantineFile = "quarantine.sqlite";

/// `excerpt` is NULL where `bytes` begin with it; `bytes` is NULL where none are kept. `totals` has
/// one row, for the limits.
constexpr SqliteSchema kQuarantineSchema{
    .version = 1,
    .tables =
        "CREATE TABLE entries("
        "number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, seen INTEGER NOT NULL, "
        "source TEXT NOT NULL, offset INTEGER NOT NULL, reason TEXT NOT NULL, "
        "detail TEXT NOT NULL, kind INTEGER NOT NULL, size INTEGER NOT NULL, "
        "excerpt BLOB, bytes BLOB);"
        "CREATE TABLE totals(entries INTEGER NOT NULL, bytes INTEGER NOT NULL);"
        "INSERT INTO totals VALUES(0,0);"
        "CREATE TRIGGER added AFTER INSERT ON entries BEGIN UPDATE totals SET "
        "entries=entries+1,bytes=bytes+coalesce(length(NEW.bytes),0); END;"
        "CREATE TRIGGER changed AFTER UPDATE OF bytes ON entries BEGIN UPDATE totals SET "
        "bytes=bytes+coalesce(length(NEW.bytes),0)-coalesce(length(OLD.bytes),0); END;"
        "CREATE TRIGGER removed AFTER DELETE ON entries BEGIN UPDATE totals SET "
        "entries=entries-1,bytes=bytes-coalesce(length(OLD.bytes),0); END;"};

/// What makes an entry the same as another.
std::string quarantine_id(const QuarantineEntry& entry);

std::optional<Reject> reject_named(std::string_view wanted);

}  // namespace trailsift::indexer
