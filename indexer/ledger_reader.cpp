#include <charconv>
#include <limits>
#include <utility>

#include "indexer/ledger.h"
#include "indexer/ledger_format.h"

namespace trailsift::indexer {
namespace {

/// The place behind a row in the order of a listing.
struct Place {
  std::int64_t received = std::numeric_limits<std::int64_t>::max();
  std::int64_t id = std::numeric_limits<std::int64_t>::max();
};

Result<Place> place_of(const std::string& cursor) {
  Place place;
  if (cursor.empty()) return place;
  const char* const end = cursor.data() + cursor.size();
  const auto received = std::from_chars(cursor.data(), end, place.received);
  const bool has_id = received.ec == std::errc() && received.ptr != end && *received.ptr == '.';
  const auto id = has_id ? std::from_chars(received.ptr + 1, end, place.id) : received;
  if (!has_id || id.ec != std::errc() || id.ptr != end) {
    return fail(ErrorCode::bad_request,
                "expected the cursor of an earlier answer, got '" + cursor + "'");
  }
  return place;
}

/// Rows and condition of a query, over parameters 1 to 5.
std::string from_where(const DeliveryQuery& query, bool with_names) {
  std::string text = " FROM deliveries d";
  // In this order, in which the rows are wanted.
  if (with_names) text += " CROSS JOIN origins o ON o.id=d.origin";
  text += " WHERE d.received>=?4 AND d.received<?5";
  text += with_names ? " AND (?1='' OR o.source=?1)"
                       " AND (?2='' OR instr(o.beginning||d.middle||o.ending,?2)>0)"
                     : " AND ?1='' AND ?2=''";
  if (!query.state) return text + " AND ?3 IS NULL";
  // As it stands in the partial index, which is for these.
  if (*query.state != DeliveryState::indexed) text += " AND d.state<>1";
  return text + " AND d.state=?3";
}

void bind_condition(SqliteStatement& statement, const DeliveryQuery& query) {
  using Limits = std::numeric_limits<std::int64_t>;
  statement.bind(1, query.source);
  statement.bind(2, query.object);
  query.state ? statement.bind(3, static_cast<std::int64_t>(*query.state)) : statement.bind_null(3);
  statement.bind(4, query.from ? query.from->time_since_epoch().count() : Limits::min());
  statement.bind(5, query.to ? query.to->time_since_epoch().count() : Limits::max());
}

Result<void> read_rows(Sqlite& database, const DeliveryQuery& query, DeliveryPage& page) {
  const auto place = place_of(query.cursor);
  if (!place) return tl::unexpected(place.error());
  auto rows = database.prepare(
      std::string("SELECT ") + kDeliveryColumns + from_where(query, true) +
      " AND (d.received,d.id)<(?6,?7) ORDER BY d.received DESC,d.id DESC LIMIT ?8");
  if (!rows) return tl::unexpected(rows.error());
  bind_condition(*rows, query);
  rows->bind(6, place->received);
  rows->bind(7, place->id);
  rows->bind(8, static_cast<std::int64_t>(query.limit) + 1);
  while (true) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    if (page.deliveries.size() == query.limit) break;
    page.deliveries.push_back(delivery_in(*rows));
  }
  if (page.deliveries.empty()) return {};
  const Delivery& last = page.deliveries.back();
  page.cursor =
      std::to_string(last.received.time_since_epoch().count()) + "." + std::to_string(last.id);
  return {};
}

Result<void> read_totals(Sqlite& database, const DeliveryQuery& query, DeliverySums& totals) {
  const bool by_name = !query.source.empty() || !query.object.empty();
  auto sums = database.prepare(
      "SELECT count(*),sum(d.attempts),sum(d.read),sum(d.indexed),sum(d.duplicates),"
      "sum(d.filtered),sum(d.rejected),sum(d.bytes)" +
      from_where(query, by_name));
  if (!sums) return tl::unexpected(sums.error());
  bind_condition(*sums, query);
  const auto row = sums->step();
  if (!row) return tl::unexpected(row.error());
  totals.deliveries = static_cast<std::uint64_t>(sums->integer(0));
  totals.attempts = static_cast<std::uint64_t>(sums->integer(1));
  totals.counts = counts_in(*sums, 2);
  return {};
}

bool wants_everything(const DeliveryQuery& query) {
  return query.source.empty() && query.object.empty() && !query.state && !query.from && !query.to;
}

Result<LedgerSums> read_sums(Sqlite& database) {
  auto rows = database.prepare(
      "SELECT state,deliveries,attempts,read,indexed,duplicates,filtered,rejected,bytes FROM sums");
  if (!rows) return tl::unexpected(rows.error());
  LedgerSums sums;
  while (true) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return sums;
    const std::int64_t state = rows->integer(0);
    DeliverySums& sum = state == kPruned
                            ? sums.pruned
                            : sums.by_state.at(static_cast<std::size_t>(state_in(*rows, 0)));
    sum += {static_cast<std::uint64_t>(rows->integer(1)),
            static_cast<std::uint64_t>(rows->integer(2)), counts_in(*rows, 3)};
  }
}

Result<std::optional<Sqlite>> open_ledger(const std::filesystem::path& data_directory) {
  std::error_code failed;
  if (!std::filesystem::is_directory(data_directory, failed)) {
    return fail(ErrorCode::not_found,
                "cannot open data directory '" + data_directory.string() + "': no such directory");
  }
  return Sqlite::open_to_read(data_directory / kLedgerFile, kLedgerSchema);
}

Result<void> compare_sums(Sqlite& database, std::vector<std::string>& faults) {
  const auto sums = read_sums(database);
  if (!sums) return tl::unexpected(sums.error());
  for (std::size_t i = 0; i < kDeliveryStates; ++i) {
    const auto state = static_cast<DeliveryState>(i);
    DeliveryQuery of_state;
    of_state.state = state;
    DeliverySums counted;
    if (auto done = read_totals(database, of_state, counted); !done) return done;
    if (counted == sums->by_state.at(i)) continue;
    faults.push_back(std::string(kLedgerFile) + ": the sums of deliveries of state " +
                     std::string(name(state)) + " are not those of the rows");
  }
  return {};
}

Result<void> compare_uses(Sqlite& database, std::vector<std::string>& faults) {
  auto wrong = database.prepare(
      "SELECT count(*) FROM origins o FULL JOIN "
      "(SELECT origin,count(*) AS uses FROM deliveries GROUP BY origin) d ON d.origin=o.id "
      "WHERE o.uses IS NOT d.uses");
  if (!wrong) return tl::unexpected(wrong.error());
  const auto row = wrong->step();
  if (!row) return tl::unexpected(row.error());
  if (wrong->integer(0) == 0) return {};
  faults.push_back(std::string(kLedgerFile) + ": the origins are not those of the rows");
  return {};
}

}  // namespace

Result<DeliveryPage> find_deliveries(const std::filesystem::path& data_directory,
                                     const DeliveryQuery& query) {
  auto database = open_ledger(data_directory);
  if (!database) return tl::unexpected(database.error());
  DeliveryPage page;
  if (const auto place = place_of(query.cursor); !place) return tl::unexpected(place.error());
  if (!*database) return page;
  const auto done = (*database)->transaction([&]() -> Result<void> {
    if (auto rows = read_rows(**database, query, page); !rows) return rows;
    if (!wants_everything(query)) return read_totals(**database, query, page.totals);
    const auto sums = read_sums(**database);
    if (!sums) return tl::unexpected(sums.error());
    page.totals = sums->present();
    return {};
  });
  if (!done) return tl::unexpected(done.error());
  return page;
}

Result<LedgerSums> ledger_sums(const std::filesystem::path& data_directory) {
  auto database = open_ledger(data_directory);
  if (!database) return tl::unexpected(database.error());
  return *database ? read_sums(**database) : LedgerSums();
}

Result<std::vector<std::string>> check_ledger(const std::filesystem::path& data_directory) {
  auto database = open_ledger(data_directory);
  if (!database) {
    if (database.error().code != ErrorCode::corrupt) return tl::unexpected(database.error());
    return std::vector{database.error().message};
  }
  if (!*database) return std::vector<std::string>();
  auto faults = (*database)->check();
  if (faults && faults->empty()) {
    const auto compared = (*database)->transaction([&]() -> Result<void> {
      if (auto done = compare_sums(**database, *faults); !done) return done;
      return compare_uses(**database, *faults);
    });
    if (!compared) return tl::unexpected(compared.error());
  }
  return faults;
}

}  // namespace trailsift::indexer
