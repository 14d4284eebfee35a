#include "cli/deliveries_command.h"

#include <array>
#include <string>

#include <fmt/format.h>

#include "cli/terminal.h"
#include "cli/text_table.h"
#include "indexer/ledger.h"
#include "server/delivery_json.h"

namespace trailsift::cli {
namespace {

constexpr std::uint64_t kMostRows = 100'000;

constexpr std::array kOptions = {
    kDataOption,
    Option{"--source", "SOURCE", "", Arity::optional,
           "deliveries that came this way: 'directory', 's3'"},
    Option{"--state", "STATE", "", Arity::optional,
           "deliveries that are received, indexed, skipped, failed or quarantined"},
    Option{"--object", "TEXT", "", Arity::optional,
           "deliveries with this text in the object's name"},
    Option{"--from", "TIME", "", Arity::optional,
           "received at or after this time: RFC 3339, a day, now, or an amount before now such as "
           "-24h"},
    Option{"--to", "TIME", "", Arity::optional, "received before this time"},
    Option{"--limit", "N", "50", Arity::optional, "rows to show"},
    Option{"--json", "", "", Arity::optional, "one object, for programs"},
};

constexpr std::string_view kDescription =
    "Shows where every delivery went, newest first: one row for each file that was read, with what "
    "came of its records over all attempts, and sums over all rows that are asked for. It adds up: "
    "read = indexed + duplicates + filtered + rejected. It may run beside `index` and `serve`.\n"
    "Rows are kept for 90 days, and a million at most.";

constexpr std::string_view kExamples =
    "  trailsift deliveries --data index\n"
    "  trailsift deliveries --data index --state failed --from -24h\n"
    "  trailsift deliveries --data index --json | jq .totals\n";

Result<std::optional<Timestamp>> read_time(const Arguments& arguments, std::string_view option,
                                           Timestamp now) {
  const auto text = arguments.given(option);
  if (!text) return std::optional<Timestamp>();
  const auto time = parse_time_bound(*text, now);
  if (time) return std::optional(*time);
  return fail(ErrorCode::bad_request,
              "cannot read " + std::string(option) + ": " + time.error().message);
}

Result<indexer::DeliveryQuery> read_query(const Arguments& arguments, Timestamp now) {
  indexer::DeliveryQuery query;
  query.source = arguments.value("--source");
  query.object = arguments.value("--object");
  if (const auto text = arguments.given("--state")) {
    query.state = indexer::delivery_state_named(*text);
    if (!query.state) {
      return fail(
          ErrorCode::bad_request,
          "expected --state to be received, indexed, skipped, failed or quarantined, got '" +
              *text + "'");
    }
  }
  const auto from = read_time(arguments, "--from", now);
  if (!from) return tl::unexpected(from.error());
  const auto to = read_time(arguments, "--to", now);
  if (!to) return tl::unexpected(to.error());
  const auto limit = arguments.number("--limit", 1, kMostRows);
  if (!limit) return tl::unexpected(limit.error());
  query.from = *from;
  query.to = *to;
  query.limit = *limit;
  return query;
}

TextTable empty_table() {
  const auto count = [](std::string title) {
    return TextTable::Head{std::move(title), TextTable::Align::right, true};
  };
  return TextTable({{.title = "received", .whole = true},
                    {.title = "state", .whole = true},
                    {.title = "source"},
                    {.title = "object"},
                    count("attempts"),
                    count("read"),
                    count("indexed"),
                    count("duplicates"),
                    count("filtered"),
                    count("rejected"),
                    {.title = "error"}});
}

void print_table(const indexer::DeliveryPage& page, Console& console) {
  TextTable table = empty_table();
  const auto add = [&](std::vector<std::string> cells, const indexer::DeliverySums& sums,
                       const std::string& error, std::optional<Style> style) {
    const indexer::DeliveryCounts& counts = sums.counts;
    for (const std::uint64_t number : {sums.attempts, counts.read, counts.indexed,
                                       counts.duplicates, counts.filtered, counts.rejected}) {
      cells.push_back(grouped(number));
    }
    cells.push_back(error);
    table.add(cells, style);
  };
  for (const indexer::Delivery& delivery : page.deliveries) {
    const bool wrong = delivery.state == indexer::DeliveryState::failed ||
                       delivery.state == indexer::DeliveryState::quarantined;
    add({format_time(delivery.received), std::string(name(delivery.state)), delivery.source,
         delivery.object},
        {1, delivery.attempts, delivery.counts}, delivery.error,
        wrong ? std::optional(Style::red) : std::nullopt);
  }
  add({"total", "", "", fmt::format("{} deliveries", grouped(page.totals.deliveries))}, page.totals,
      "", Style::bold);
  table.print(console.out, {.width = console.out_is_terminal ? console.width : 0,
                            .color = console.out_is_terminal && console.color_wanted});
  if (!page.cursor.empty()) {
    console.err << "the newest " << grouped(page.deliveries.size()) << " of "
                << grouped(page.totals.deliveries) << " are shown; --limit shows more\n";
  }
}

ExitCode run_deliveries(const Arguments& arguments, Console& console) {
  const auto query = read_query(arguments, console.now());
  if (!query) return report_usage(console, "deliveries", query.error());
  const auto page = indexer::find_deliveries(arguments.value("--data"), *query);
  if (!page) return report(console, page.error());
  if (arguments.has("--json")) {
    server::JsonOut out;
    server::write_deliveries(out, *page);
    console.out << printable_json(out.text()) << '\n';
  } else if (page->totals.deliveries == 0) {
    console.out << "no deliveries\n";
  } else {
    print_table(*page, console);
  }
  return ExitCode::ok;
}

}  // namespace

const Command& deliveries_command() {
  static const Command kCommand{.name = "deliveries",
                                .summary = "show where every delivery went",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_deliveries};
  return kCommand;
}

}  // namespace trailsift::cli
