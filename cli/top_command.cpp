#include "cli/top_command.h"

#include <array>
#include <string>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "cli/column.h"
#include "cli/join_options.h"
#include "cli/query_options.h"
#include "cli/text_table.h"
#include "query/joined_reader.h"
#include "query/search.h"

namespace trailsift::cli {
namespace {

constexpr std::array kOptions = {
    Option{"FIELD", "", "", Arity::required, "the field whose values are counted"},
    kQueryOption,
    kSyntaxOption,
    kZoneOption,
    kDataOption,
    kAccountNamesOption,
    kFromOption,
    kToOption,
    Option{"--size", "N", "20", Arity::optional, "how many values to show"},
    Option{"--rare", "", "", Arity::optional, "the least frequent values first"},
    Option{"--json", "", "", Arity::optional, "one object instead of a table"},
};

constexpr std::string_view kDescription =
    "Counts the values of a field over all events that answer a query, most frequent first. "
    "An event with several values counts for each of them.";

constexpr std::string_view kExamples =
    "  trailsift top actor \"errorCode:AccessDenied\" --data index --from -7d\n"
    "  trailsift top user_agent --rare --data index\n";

constexpr std::size_t kBar = 20;

void print_json(std::ostream& out, const query::SearchResult& result) {
  const query::FacetResult& facet = result.facets.front();
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  const auto text = [&](std::string_view value) {
    writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
  };
  writer.StartObject();
  writer.Key("field");
  text(field_at(facet.field).name);
  writer.Key("found");
  writer.Uint64(result.found);
  writer.Key("distinct");
  writer.Uint64(facet.distinct);
  writer.Key("missing");
  writer.Uint64(facet.missing);
  writer.Key("values");
  writer.StartArray();
  for (const auto& [value, count] : facet.buckets) {
    writer.StartObject();
    writer.Key("value");
    text(value);
    writer.Key("count");
    writer.Uint64(count);
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  out << buffer.GetString() << '\n';
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
  const bool terminal = console.out_is_terminal;
  table.print(console.out,
              {.width = terminal ? console.width : 0, .color = terminal && console.color_wanted});
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
  auto asked = read_query_options(arguments, console);
  if (!asked) {
    const auto& [error, source] = asked.error();
    if (error.code == ErrorCode::bad_request) return report_usage(console, "top", error);
    return report(console, error, source);
  }
  const auto reader = query::JoinedReader::open(arguments.value("--data"), false,
                                                read_join_options(arguments, console));
  if (!reader) return report(console, reader.error());
  const auto snapshot = (*reader)->snapshot();
  if (!snapshot) return report(console, snapshot.error());
  query::SearchRequest request;
  request.query = std::move(asked->query);
  request.time = asked->time;
  request.size = 0;
  request.facets.push_back(std::move(*facet));
  const auto result = query::search(**snapshot, request);
  if (!result) return report(console, result.error());
  if (arguments.has("--json")) {
    print_json(console.out, *result);
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
