#include "cli/top_command.h"

#include <array>
#include <string>

#include "cli/column.h"
#include "cli/searcher.h"
#include "cli/text_table.h"
#include "query/search.h"
#include "server/json_out.h"

namespace trailsift::cli {
namespace {

constexpr std::array kWhat = {
    Option{"FIELD", "", "", Arity::required, "the field whose values are counted"}, kQueryOption};
constexpr std::array kHow = {
    Option{"--size", "N", "20", Arity::optional, "how many values to show"},
    Option{"--rare", "", "", Arity::optional, "the least frequent values first"}, kJsonOption};
constexpr auto kOptions = joined(kWhat, kAskOptions, kHow);

constexpr std::string_view kDescription =
    "Counts the values of a field over all events that answer a query, most frequent first. "
    "An event with several values counts for each of them.";

constexpr std::string_view kExamples =
    "  trailsift top actor \"errorCode:AccessDenied\" --data index --from -7d\n"
    "  trailsift top user_agent --rare --data index\n";

constexpr std::size_t kBar = 20;

void print_json(Console& console, const query::SearchResult& result) {
  const query::FacetResult& facet = result.facets.front();
  server::JsonOut out;
  out.begin_object();
  out.member("field", field_at(facet.field).name);
  out.member("found", result.found);
  out.member("distinct", facet.distinct);
  out.member("missing", facet.missing);
  out.key("values");
  out.begin_array();
  for (const auto& [value, count] : facet.buckets) {
    out.begin_object();
    out.member("value", value);
    out.member("count", count);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  print_json(console, out.text());
}

void print_table(Console& console, const query::SearchResult& result) {
  const query::FacetResult& facet = result.facets.front();
  TextTable table({{.title = "events", .align = TextTable::Align::right, .whole = true},
                   {.title = "", .whole = true},
                   {.title = std::string(field_at(facet.field).name)}});
  std::uint64_t most = 1;
  for (const auto& bucket : facet.buckets) most = std::max(most, bucket.count);
  for (const auto& [value, count] : facet.buckets) {
    table.add({grouped(count), bar(count, most, kBar), value});
  }
  table.print(console);
  console.out << grouped(facet.buckets.size()) << " of " << grouped(facet.distinct)
              << " values, in " << grouped(result.found - facet.missing) << " of "
              << grouped(result.found) << " events\n";
}

Result<query::FacetRequest> read_facet(const Arguments& arguments) {
  const auto field = read_field(arguments.value("FIELD"), "FIELD");
  if (!field) return tl::unexpected(field.error());
  const auto size = arguments.number("--size", 1, query::kMaxFacetValues);
  if (!size) return tl::unexpected(size.error());
  query::FacetRequest facet{};
  facet.field = *field;
  facet.size = static_cast<std::uint32_t>(*size);
  if (arguments.has("--rare")) facet.order = query::FacetRequest::Order::rarest;
  return facet;
}

ExitCode run_top(const Arguments& arguments, Console& console) {
  auto facet = read_facet(arguments);
  if (!facet) return report_usage(console, "top", facet.error());
  const auto asking = read_asking(arguments, console);
  if (!asking) return report_source(console, "top", asking.error());
  query::SearchRequest request;
  request.size = 0;
  request.facets.push_back(std::move(*facet));
  const auto result = asking->searcher->search(asking->query, request, {});
  if (!result) return report(console, result.error());
  if (arguments.has("--json")) {
    print_json(console, *result);
  } else {
    print_table(console, *result);
  }
  return ExitCode::ok;
}

}  // namespace

const Command& top_command() {
  static const Command kCommand{.name = "top",
                                .summary = "count the values of a field",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_top};
  return kCommand;
}

}  // namespace trailsift::cli
