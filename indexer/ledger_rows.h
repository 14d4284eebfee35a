#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "indexer/delivery.h"
#include "indexer/sqlite.h"

namespace trailsift::indexer {

/// The rows of the tables `deliveries` and `origins`: what is written to them goes through here.
/// One thread; must not outlive the connection.
class LedgerRows {
 public:
  static Result<LedgerRows> open(Sqlite& database);

  /// Begins a transaction: forgets what an earlier one, which may have failed, had under way.
  void begin();
  /// Brings `origins` up to what the transaction did; it is the last thing in it.
  Result<void> end();

  /// The delivery whose name has this key. See name_key().
  Result<std::optional<Delivery>> find(const std::string& key);
  /// The one that was received first.
  Result<std::optional<Delivery>> oldest();

  /// Adds a delivery whose name has this key, which none has yet. `row` holds kept_name(); its id
  /// becomes that of the row, or a new one when it is 0.
  Result<void> insert(const Delivery& row, const std::string& key);
  /// Changes what an attempt changes. The row's `newest` never shrinks.
  Result<void> update(const Delivery& row);
  Result<void> remove(const Delivery& row);

 private:
  /// In the order of the statements.
  enum Statement : std::uint8_t {
    find_row,
    oldest_row,
    insert_row,
    update_row,
    remove_row,
    find_origin,
    insert_origin,
    change_uses,
    remove_origin,
  };
  explicit LedgerRows(std::vector<SqliteStatement> statements) : do_(std::move(statements)) {}
  Result<std::int64_t> origin_of(const Delivery& row);
  Result<std::int64_t> find_or_add_origin(const DeliveryName& shared, const std::string& key);

  std::vector<SqliteStatement> do_;
  std::unordered_map<std::string, std::int64_t> origins_;  // That this transaction met, by key.
  std::map<std::int64_t, std::int64_t> changed_uses_;      // By origin.
};

}  // namespace trailsift::indexer
