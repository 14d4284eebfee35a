#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "indexer/quarantine.h"
#include "indexer/quarantine_format.h"
#include "indexer/quarantine_ndjson.h"

namespace trailsift::indexer {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kKindNames = {"stretch", "file", "message"};
constexpr std::size_t kFewestIdDigits = 4;

/// Its columns are those that entry_in() reads.
constexpr std::string_view kSelect =
    "SELECT id,seen,source,offset,reason,detail,kind,size,bytes IS NOT NULL,"
    "coalesce(excerpt,substr(bytes,1,4096)),number FROM entries";
constexpr int kNumberColumn = 10;
static_assert(kMaxExcerptBytes == 4096);

ListedEntry entry_in(const SqliteStatement& row) {
  ListedEntry entry;
  entry.id = row.text(0);
  entry.seen = Timestamp(std::chrono::milliseconds(row.integer(1)));
  entry.source = row.text(2);
  entry.offset = static_cast<std::uint64_t>(row.integer(3));
  entry.reason = reject_named(row.text(4)).value_or(Reject::unreadable);
  entry.detail = row.text(5);
  const std::int64_t kind = row.integer(6);
  const bool known = kind >= 0 && kind < static_cast<std::int64_t>(kKindNames.size());
  entry.kind = known ? static_cast<QuarantinedAs>(kind) : QuarantinedAs::stretch;
  entry.size = static_cast<std::uint64_t>(row.integer(7));
  entry.has_bytes = row.integer(8) != 0;
  entry.excerpt = row.text(9);
  return entry;
}

Result<std::optional<Sqlite>> open_list(const fs::path& data_directory) {
  std::error_code failed;
  if (!fs::is_directory(data_directory, failed)) {
    return fail(ErrorCode::not_found,
                "cannot open data directory '" + data_directory.string() + "': no such directory");
  }
  return Sqlite::open_to_read(data_directory / kQuarantineFile, kQuarantineSchema);
}

/// The entries of the previous format that are not in the new list yet. False: no more is wanted.
Result<bool> visit_old(const fs::path& data_directory, std::optional<Sqlite>& list,
                       const std::function<bool(const ListedEntry&)>& visit) {
  std::optional<SqliteStatement> known;
  if (list) {
    auto statement = list->prepare("SELECT 1 FROM entries WHERE id=?1");
    if (!statement) return tl::unexpected(statement.error());
    known = std::move(*statement);
  }
  bool going_on = true;
  std::optional<Error> failure;
  const auto is_taken_over = [&](const std::string& id) {
    if (!known) return false;
    known->bind(1, id);
    const auto row = known->step();
    known->reset();
    if (!row) failure = row.error();
    return row && *row;
  };
  const auto visit_one = [&](const QuarantineEntry& entry) {
    const ListedEntry listed{entry, quarantine_id(entry), false};
    if (is_taken_over(listed.id)) return true;
    going_on = !failure && visit(listed);
    return going_on;
  };
  const auto read = for_each_in_ndjson(data_directory / kNdjsonFile, visit_one);
  if (!read) return tl::unexpected(read.error());
  if (failure) return tl::unexpected(*failure);
  return going_on;
}

Result<void> visit_list(Sqlite& list, const std::function<bool(const ListedEntry&)>& visit) {
  auto rows = list.prepare(std::string(kSelect) + " ORDER BY number");
  if (!rows) return tl::unexpected(rows.error());
  while (true) {
    const auto row = rows->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row || !visit(entry_in(*rows))) return {};
  }
}

/// Where a page begins: entries of the previous format that came before, and the number of the last
/// one of the list. As text "3.0".
struct PageStart {
  std::uint64_t old = 0;
  std::int64_t number = 0;
};

Result<PageStart> read_cursor(const std::string& cursor) {
  PageStart start;
  if (cursor.empty()) return start;
  const char* const end = cursor.data() + cursor.size();
  const auto [dot, failed] = std::from_chars(cursor.data(), end, start.old);
  if (failed == std::errc() && dot != end && *dot == '.') {
    const auto [last, wrong] = std::from_chars(dot + 1, end, start.number);
    if (wrong == std::errc() && last == end && start.number >= 0) return start;
  }
  return fail(ErrorCode::bad_request,
              "expected the cursor of a page of the quarantine list, got '" + cursor + "'");
}

bool is_beginning_of_id(std::string_view text) {
  return text.size() >= kFewestIdDigits && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

}  // namespace

std::string_view name(QuarantinedAs kind) {
  return kKindNames.at(static_cast<std::size_t>(kind));
}

std::optional<Reject> reject_named(std::string_view wanted) {
  for (auto reason = Reject::invalid_json;;
       reason = static_cast<Reject>(static_cast<int>(reason) + 1)) {
    if (name(reason) == wanted) return reason;
    if (reason == kLastReject) return std::nullopt;
  }
}

Result<void> for_each_quarantined(const fs::path& data_directory,
                                  const std::function<bool(const ListedEntry&)>& visit) {
  auto list = open_list(data_directory);
  if (!list) return tl::unexpected(list.error());
  const auto going_on = visit_old(data_directory, *list, visit);
  if (!going_on) return tl::unexpected(going_on.error());
  return *going_on && *list ? visit_list(**list, visit) : Result<void>();
}

Result<QuarantinePage> page_of_quarantined(const fs::path& data_directory, std::size_t limit,
                                           const std::string& cursor) {
  const auto start = read_cursor(cursor);
  if (!start) return tl::unexpected(start.error());
  auto list = open_list(data_directory);
  if (!list) return tl::unexpected(list.error());
  QuarantinePage page;
  PageStart next;
  const auto add = [&](const ListedEntry& entry) {
    const bool full = page.entries.size() == limit;
    if (!full) page.entries.push_back(entry);
    return !full;
  };
  const auto going_on = visit_old(data_directory, *list, [&](const ListedEntry& entry) {
    const bool goes_on = next.old < start->old || add(entry);
    if (goes_on) ++next.old;
    return goes_on;
  });
  if (!going_on) return tl::unexpected(going_on.error());
  bool more = !*going_on;
  next.number = start->number;
  if (!more && *list) {
    auto rows = (*list)->prepare(std::string(kSelect) + " WHERE number>?1 ORDER BY number");
    if (!rows) return tl::unexpected(rows.error());
    rows->bind(1, start->number);
    while (true) {
      const auto row = rows->step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      if (more = !add(entry_in(*rows)); more) break;
      next.number = rows->integer(kNumberColumn);
    }
  }
  if (more) page.cursor = std::to_string(next.old) + '.' + std::to_string(next.number);
  return page;
}

Result<std::uint64_t> count_quarantined(const fs::path& data_directory) {
  auto list = open_list(data_directory);
  if (!list) return tl::unexpected(list.error());
  std::uint64_t count = 0;
  const auto old = visit_old(data_directory, *list, [&](const ListedEntry&) {
    ++count;
    return true;
  });
  if (!old) return tl::unexpected(old.error());
  if (!*list) return count;
  auto counted = (*list)->prepare("SELECT entries FROM totals");
  if (!counted) return tl::unexpected(counted.error());
  if (const auto row = counted->step(); !row) return tl::unexpected(row.error());
  return count + static_cast<std::uint64_t>(counted->integer(0));
}

Result<std::vector<std::string>> find_quarantined(const fs::path& data_directory,
                                                  std::span<const std::string> beginnings) {
  for (const std::string& text : beginnings) {
    if (is_beginning_of_id(text)) continue;
    return fail(
        ErrorCode::bad_request,
        "expected the id of a quarantine entry or its first four digits, got '" + text + "'");
  }
  std::vector<std::string> found;
  std::vector<std::size_t> fitting(beginnings.size(), 0);
  const auto visited = for_each_quarantined(data_directory, [&](const ListedEntry& entry) {
    bool wanted = false;
    for (std::size_t i = 0; i < beginnings.size(); ++i) {
      if (!entry.id.starts_with(beginnings[i])) continue;
      ++fitting[i];
      wanted = true;
    }
    if (wanted) found.push_back(entry.id);
    return true;
  });
  if (!visited) return tl::unexpected(visited.error());
  for (std::size_t i = 0; i < beginnings.size(); ++i) {
    if (fitting[i] == 1) continue;
    if (fitting[i] == 0) {
      return fail(ErrorCode::not_found, "there is no quarantine entry '" + beginnings[i] + "'");
    }
    return fail(ErrorCode::bad_request, "'" + beginnings[i] + "' fits " +
                                            std::to_string(fitting[i]) +
                                            " quarantine entries: expected more digits");
  }
  return found;
}

Result<ListedEntry> read_quarantined(const fs::path& data_directory, const std::string& id) {
  auto list = open_list(data_directory);
  if (!list) return tl::unexpected(list.error());
  std::optional<ListedEntry> found;
  const auto old = visit_old(data_directory, *list, [&](const ListedEntry& entry) {
    if (entry.id == id) found = entry;
    return !found;
  });
  if (!old) return tl::unexpected(old.error());
  if (found) return *found;
  if (*list) {
    auto row = (*list)->prepare(
        "SELECT id,seen,source,offset,reason,detail,kind,size,"
        "bytes IS NOT NULL,coalesce(excerpt,substr(bytes,1,4096)),bytes "
        "FROM entries WHERE id=?1");
    if (!row) return tl::unexpected(row.error());
    row->bind(1, id);
    const auto is_there = row->step();
    if (!is_there) return tl::unexpected(is_there.error());
    if (*is_there) {
      ListedEntry entry = entry_in(*row);
      entry.bytes = row->text(10);
      return entry;
    }
  }
  return fail(ErrorCode::not_found, "there is no quarantine entry '" + id + "'");
}

Result<std::vector<std::string>> check_quarantine(const fs::path& data_directory) {
  auto list = open_list(data_directory);
  if (!list && list.error().code == ErrorCode::corrupt) return std::vector{list.error().message};
  if (!list) return tl::unexpected(list.error());
  return *list ? (*list)->check() : std::vector<std::string>();
}

}  // namespace trailsift::indexer
