#include "cli/histogram_command.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "cli/histogram_option.h"
#include "cli/search_output.h"
#include "cli/searcher.h"
#include "cli/text_table.h"

namespace trailsift::cli {
namespace {

constexpr std::array kWhat = {
    Option{"WHAT", "", "", Arity::required,
           "width of a bucket, such as 30s, 5m, 1h, 1d, 1w, or auto; or a field"},
    kQueryOption};
constexpr std::array kHow = {
    Option{"--split", "FIELD", "", Arity::optional,
           "count each bucket by the most frequent values of this field, too"},
    Option{"--values", "N", "5", Arity::optional, "how many values those are"}, kJsonOption};
constexpr auto kOptions = joined(kWhat, kAskOptions, kHow);

constexpr std::string_view kDescription =
    "Counts the events that answer a query over time. `histogram FIELD` is short for "
    "`histogram auto --split FIELD`.";

constexpr std::string_view kExamples =
    "  trailsift histogram 1h \"errorCode:AccessDenied\" --data index --from -7d\n"
    "  trailsift histogram event_source --data index\n";

Result<FieldIndex> read_split(const std::string& name) {
  auto field = read_field(name, "--split");
  if (!field || field_at(*field).column) return field;
  return fail(ErrorCode::bad_request,
              "expected --split to be a field that is a column, got '" + name + "'");
}

Result<query::HistogramRequest> read_request(const Arguments& arguments) {
  const std::string what = arguments.value("WHAT");
  const bool is_field = find_field(what) != nullptr;
  auto histogram = read_histogram(is_field ? "auto" : what, "WHAT");
  if (!histogram) return histogram;
  if (is_field && arguments.has("--split")) {
    return fail(ErrorCode::bad_request, "expected a field or --split, got both");
  }
  if (is_field || arguments.has("--split")) {
    const auto split = read_split(is_field ? what : arguments.value("--split"));
    if (!split) return tl::unexpected(split.error());
    histogram->split = *split;
  }
  const auto values = arguments.number("--values", 1, query::kMaxSplitValues);
  if (!values) return tl::unexpected(values.error());
  histogram->split_values = static_cast<std::uint32_t>(*values);
  return histogram;
}

/// A line for each bucket, with a column for each value.
void print_split(Console& console, const query::SearchResult& result) {
  const query::HistogramResult& histogram = *result.histogram;
  constexpr auto kRight = TextTable::Align::right;
  std::vector<TextTable::Head> heads{{.title = "begin", .whole = true},
                                     {.title = "events", .align = kRight, .whole = true}};
  for (const auto& series : histogram.series) heads.push_back({printable(series.value), kRight});
  heads.push_back({"others", kRight});
  heads.push_back({"without", kRight});
  TextTable table(std::move(heads));
  for (std::size_t i = 0; i < histogram.buckets.size(); ++i) {
    std::vector<std::string> cells{format_time(histogram.buckets[i].begin),
                                   grouped(histogram.buckets[i].count)};
    for (const auto& series : histogram.series) cells.push_back(grouped(series.counts[i]));
    cells.push_back(grouped(histogram.others[i]));
    cells.push_back(grouped(histogram.missing[i]));
    table.add(cells);
  }
  table.print(console);
  console.out << grouped(result.found) << (result.found == 1 ? " event\n" : " events\n");
}

ExitCode run_histogram(const Arguments& arguments, Console& console) {
  const auto histogram = read_request(arguments);
  if (!histogram) return report_usage(console, "histogram", histogram.error());
  const auto asking = read_asking(arguments, console);
  if (!asking) return report_source(console, "histogram", asking.error());
  query::SearchRequest request;
  request.size = 0;
  request.histogram = *histogram;
  const auto result = asking->searcher->search(asking->query, request, {});
  if (!result) return report(console, result.error());
  if (histogram->split && result->histogram && !arguments.has("--json")) {
    print_split(console, *result);
    return ExitCode::ok;
  }
  const bool terminal = console.out_is_terminal;
  SearchOptions options;
  options.limit = 0;
  options.format = arguments.has("--json") ? Format::json : Format::table;
  options.color = terminal && console.color_wanted;
  options.width = terminal ? console.width : 0;
  const auto output = search_output(console.out, options);
  output->begin(*result);
  output->end(*result, 0);
  return ExitCode::ok;
}

}  // namespace

const Command& histogram_command() {
  static const Command kCommand{.name = "histogram",
                                .summary = "count events over time",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_histogram};
  return kCommand;
}

}  // namespace trailsift::cli
