#include "indexer/ledger_rows.h"

#include <array>

#include "indexer/ledger_format.h"
#include "indexer/ledger_names.h"

namespace trailsift::indexer {
namespace {

std::int64_t as_integer(Timestamp time) {
  return time.time_since_epoch().count();
}

void bind_time(SqliteStatement& statement, int parameter, std::optional<Timestamp> time) {
  time ? statement.bind(parameter, as_integer(*time)) : statement.bind_null(parameter);
}

void bind_etag(SqliteStatement& statement, int parameter, const std::string& etag) {
  const auto packed = packed_etag(etag);
  packed ? statement.bind_bytes(parameter, *packed) : statement.bind(parameter, etag);
}

/// The first delivery that `rows` gives and `is_it` takes; they are done then.
template <typename Predicate>
Result<std::optional<Delivery>> first_of(SqliteStatement& rows, Predicate is_it) {
  while (true) {
    const auto row = rows.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::optional<Delivery>();
    Delivery delivery = delivery_in(rows);
    if (!is_it(delivery)) continue;
    rows.reset();
    return std::optional(std::move(delivery));
  }
}

constexpr const char* kDeliveries = " FROM deliveries d CROSS JOIN origins o ON o.id=d.origin ";

constexpr const char* kInsert =
    "INSERT INTO deliveries(id,hash,key,origin,middle,etag,received,took,newest,state,attempts,"
    "error,read,indexed,duplicates,filtered,rejected,bytes) "
    "VALUES(?1,?2,?3,?4,?5,?6,?7,?8-?7,?9,?10,?11,?12,?13,?14,?15,?16,?17,?18)";
constexpr const char* kUpdate =
    "UPDATE deliveries SET state=?1,took=?2-received,"
    "newest=CASE WHEN newest IS NULL OR newest<?3 THEN ?3 ELSE newest END,"
    "attempts=?4,error=?5,read=?6,indexed=?7,duplicates=?8,filtered=?9,rejected=?10,bytes=?11 "
    "WHERE id=?12";

/// In the order of LedgerRows::Statement.
std::vector<std::string> statements() {
  const std::string select = std::string("SELECT ") + kDeliveryColumns + kDeliveries;
  return {
      select + "WHERE d.hash=?1",
      select + "ORDER BY d.received,d.id LIMIT 1",
      kInsert,
      kUpdate,
      "DELETE FROM deliveries WHERE id=?1 RETURNING origin",
      "SELECT id,source,beginning,ending FROM origins WHERE hash=?1",
      "INSERT INTO origins(hash,uses,source,beginning,ending) VALUES(?1,0,?2,?3,?4) RETURNING id",
      "UPDATE origins SET uses=uses+?1 WHERE id=?2",
      "DELETE FROM origins WHERE id=?1 AND uses<=0",
  };
}

}  // namespace

Result<LedgerRows> LedgerRows::open(Sqlite& database) {
  std::vector<SqliteStatement> made;
  for (const std::string& sql : statements()) {
    auto statement = database.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    made.push_back(std::move(*statement));
  }
  return LedgerRows(std::move(made));
}

void LedgerRows::begin() {
  origins_.clear();
  changed_uses_.clear();
}

Result<void> LedgerRows::end() {
  for (const auto& [origin, change] : changed_uses_) {
    do_[change_uses].bind(1, change);
    do_[change_uses].bind(2, origin);
    if (auto done = do_[change_uses].run(); !done) return done;
    if (change >= 0) continue;
    do_[remove_origin].bind(1, origin);
    if (auto done = do_[remove_origin].run(); !done) return done;
  }
  return {};
}

Result<std::optional<Delivery>> LedgerRows::find(const std::string& key) {
  SqliteStatement& rows = do_[find_row];
  rows.bind(1, short_hash(key));
  return first_of(rows, [&](const Delivery& found) {
    const std::string kept = key_in(rows);
    return key == (kept.empty() ? name_key(found) : kept);
  });
}

Result<std::optional<Delivery>> LedgerRows::oldest() {
  return first_of(do_[oldest_row], [](const Delivery&) { return true; });
}

Result<void> LedgerRows::insert(const Delivery& row, const std::string& key) {
  const auto origin = origin_of(row);
  if (!origin) return tl::unexpected(origin.error());
  SqliteStatement& insert = do_[insert_row];
  row.id != 0 ? insert.bind(1, row.id) : insert.bind_null(1);
  insert.bind(2, short_hash(key));
  name_key(row) == key ? insert.bind_null(3) : insert.bind_bytes(3, key);
  insert.bind(4, *origin);
  insert.bind(5, split_object(row.object).middle);
  bind_etag(insert, 6, row.etag);
  insert.bind(7, as_integer(row.received));
  bind_time(insert, 8, row.finished);
  bind_time(insert, 9, row.newest);
  insert.bind(10, static_cast<std::int64_t>(row.state));
  insert.bind(11, static_cast<std::int64_t>(row.attempts));
  insert.bind(12, row.error);
  bind_counts(insert, 13, row.counts);
  ++changed_uses_[*origin];
  return insert.run();
}

Result<void> LedgerRows::update(const Delivery& row) {
  SqliteStatement& update = do_[update_row];
  update.bind(1, static_cast<std::int64_t>(row.state));
  bind_time(update, 2, row.finished);
  bind_time(update, 3, row.newest);
  update.bind(4, static_cast<std::int64_t>(row.attempts));
  update.bind(5, row.error);
  bind_counts(update, 6, row.counts);
  update.bind(12, row.id);
  return update.run();
}

Result<void> LedgerRows::remove(const Delivery& row) {
  SqliteStatement& remove = do_[remove_row];
  remove.bind(1, row.id);
  const auto removed = remove.step();
  if (!removed) return tl::unexpected(removed.error());
  if (*removed) --changed_uses_[remove.integer(0)];
  return remove.run();
}

Result<std::int64_t> LedgerRows::origin_of(const Delivery& row) {
  const ObjectParts parts = split_object(row.object);
  const DeliveryName shared{row.source, std::string(parts.beginning), std::string(parts.ending)};
  const std::string key = name_key(shared);
  if (const auto known = origins_.find(key); known != origins_.end()) return known->second;
  auto origin = find_or_add_origin(shared, key);
  if (origin) origins_.emplace(key, *origin);
  return origin;
}

/// `shared` is source, beginning and ending.
Result<std::int64_t> LedgerRows::find_or_add_origin(const DeliveryName& shared,
                                                    const std::string& key) {
  SqliteStatement& find = do_[find_origin];
  find.bind(1, short_hash(key));
  while (true) {
    const auto row = find.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    if (find.text(1) != shared.source || find.text(2) != shared.object ||
        find.text(3) != shared.etag) {
      continue;
    }
    const std::int64_t id = find.integer(0);
    find.reset();
    return id;
  }
  SqliteStatement& insert = do_[insert_origin];
  insert.bind(1, short_hash(key));
  insert.bind(2, shared.source);
  insert.bind(3, shared.object);
  insert.bind(4, shared.etag);
  const auto added = insert.step();
  if (!added) return tl::unexpected(added.error());
  const std::int64_t id = insert.integer(0);
  if (auto done = insert.run(); !done) return tl::unexpected(done.error());
  return id;
}

}  // namespace trailsift::indexer
