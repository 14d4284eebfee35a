#include "indexer/ledger_format.h"

#include "indexer/ledger_names.h"

namespace trailsift::indexer {
namespace {

using std::chrono::milliseconds;

/// Wraps, for damage may have left any number.
std::int64_t sum(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}

}  // namespace

DeliveryState state_in(const SqliteStatement& row, int column) {
  const std::int64_t state = row.integer(column);
  const bool known = state >= 0 && state < static_cast<std::int64_t>(kDeliveryStates);
  return known ? static_cast<DeliveryState>(state) : DeliveryState::failed;
}

Delivery delivery_in(const SqliteStatement& row) {
  Delivery delivery;
  delivery.id = row.integer(0);
  delivery.state = state_in(row, 1);
  delivery.attempts = static_cast<std::uint64_t>(row.integer(2));
  delivery.counts = counts_in(row, 3);
  delivery.source = row.text(9);
  for (const int part : {10, 11, 12}) delivery.object += row.text(part);
  delivery.etag = row.is_bytes(13) ? unpacked_etag(row.text(13)) : std::string(row.text(13));
  const std::int64_t received = row.integer(14);
  delivery.received = Timestamp(milliseconds(received));
  if (!row.is_null(15)) delivery.finished = Timestamp(milliseconds(sum(received, row.integer(15))));
  if (!row.is_null(16)) delivery.newest = Timestamp(milliseconds(row.integer(16)));
  delivery.error = row.text(17);
  return delivery;
}

std::string key_in(const SqliteStatement& row) {
  return std::string(row.text(18));
}

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

}  // namespace trailsift::indexer
