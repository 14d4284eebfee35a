#include "cli/search_options.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "cli/histogram_option.h"
#include "cli/query_options.h"
#include "cli/searcher.h"

namespace trailsift::cli {
namespace {

// clang-format off
constexpr auto kRows = joined(std::array{kQueryOption}, kAskOptions, std::array{
  Option{"--fq",          "QUERY",     "",           Arity::optional, "a second query, in the same language, that hits must match too"},
  Option{"--size",        "N",         "10",         Arity::optional, "how many hits to show; 'all' for every one, but not in a table"},
  Option{"--start",       "N",         "0",          Arity::optional, "how many hits to pass over first"},
  Option{"--cursor",      "CURSOR",    "",           Arity::optional, "page through all hits: 'initial', then the cursor that the last page gave"},
  Option{"--sort",        "FIELD:asc", "",           Arity::repeated, "order of the hits, FIELD:asc or FIELD:desc; newest first without it"},
  kReturnOption,
  Option{"--facet",       "FIELD",     "",           Arity::repeated, "count the values of a field over all hits"},
  Option{"--facet-size",  "N",         "10",         Arity::optional, "how many values of each facet to show"},
  Option{"--histogram",   "INTERVAL",  "",           Arity::optional, "count hits over time: 'auto', or an interval such as 30s, 5m, 1h, 1d, 1w"},
  Option{"--format",      "FORMAT",    "table",      Arity::optional, "table, json (one object), ndjson (the original records) or csv"},
  Option{"--no-color",    "",          "",           Arity::optional, "no colors, even on a terminal; so does the variable NO_COLOR"},
});
// clang-format on

Result<Format> read_format(const std::string& text) {
  constexpr std::array kFormats = {
      std::pair{"table", Format::table}, std::pair{"json", Format::json},
      std::pair{"ndjson", Format::ndjson}, std::pair{"csv", Format::csv}};
  for (const auto& [name, format] : kFormats) {
    if (text == name) return format;
  }
  return bad_value("--format", "table, json, ndjson or csv", text);
}

Result<query::SortKey> read_sort_key(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  const std::string direction = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (direction != "asc" && direction != "desc") {
    return bad_value("--sort", "FIELD:asc or FIELD:desc", text);
  }
  const auto field = read_field(text.substr(0, colon), "--sort");
  if (!field) return tl::unexpected(field.error());
  return query::SortKey{*field, direction == "desc"};
}

Result<void> read_page(const Arguments& arguments, SearchOptions& options) {
  const auto start = arguments.number("--start", 0, query::kMaxWindow);
  if (!start) return tl::unexpected(start.error());
  options.request.start = static_cast<std::uint32_t>(*start);
  options.request.cursor = arguments.given("--cursor");
  if (options.request.cursor && *start > 0) {
    return fail(ErrorCode::bad_request, "expected --start or --cursor, got both");
  }
  if (arguments.value("--size") == "all") return {};
  const auto size = arguments.number("--size", 0, std::numeric_limits<std::uint32_t>::max());
  if (!size) return tl::unexpected(size.error());
  options.limit = *size;
  return {};
}

/// Which sizes and parts go with which format: nothing that was asked for is left out silently.
Result<void> check_page(const SearchOptions& options) {
  const query::SearchRequest& request = options.request;
  const bool records_only = options.format == Format::ndjson || options.format == Format::csv;
  const bool beside = !request.facets.empty() || request.histogram || request.cursor;
  if (records_only && beside) {
    return fail(ErrorCode::bad_request,
                "expected --format table or json with --facet, --histogram or --cursor");
  }
  const bool beyond = !options.limit || *options.limit + request.start > query::kMaxWindow;
  if (!beyond) return {};
  const std::string most = std::to_string(query::kMaxWindow);
  if (request.start > 0 || request.cursor) {
    return fail(ErrorCode::bad_request,
                "expected at most " + most + " hits in one page of --start or --cursor");
  }
  if (options.format == Format::table) {
    return fail(ErrorCode::bad_request,
                "expected at most " + most + " hits in a table; other formats have no limit");
  }
  return {};
}

Result<void> read_facets(const Arguments& arguments, query::SearchRequest& request) {
  const auto size = arguments.number("--facet-size", 1, query::kMaxFacetValues);
  if (!size) return tl::unexpected(size.error());
  for (const std::string& name : arguments.values("--facet")) {
    const auto field = read_field(name, "--facet");
    if (!field) return tl::unexpected(field.error());
    if (std::ranges::find(request.facets, *field, &query::FacetRequest::field) !=
        request.facets.end()) {
      continue;
    }
    query::FacetRequest facet{};
    facet.field = *field;
    facet.size = static_cast<std::uint32_t>(*size);
    request.facets.push_back(std::move(facet));
  }
  if (const auto interval = arguments.given("--histogram")) {
    auto histogram = read_histogram(*interval, "--histogram");
    if (!histogram) return tl::unexpected(histogram.error());
    request.histogram = *histogram;
  }
  return {};
}

Result<void> read_fields(const Arguments& arguments, SearchOptions& options) {
  for (const std::string& text : arguments.values("--sort")) {
    const auto key = read_sort_key(text);
    if (!key) return tl::unexpected(key.error());
    options.request.sort.push_back(*key);
  }
  if (const auto list = arguments.given("--return")) {
    auto columns = read_columns(*list, "--return");
    if (!columns) return tl::unexpected(columns.error());
    options.columns = std::move(*columns);
  }
  return read_facets(arguments, options.request);
}

Result<void> read_all_but_queries(const Arguments& arguments, const Console& console,
                                  SearchOptions& options) {
  const auto format = read_format(arguments.value("--format"));
  if (!format) return tl::unexpected(format.error());
  options.format = *format;
  options.to_terminal = console.out_is_terminal;
  options.color = console.out_is_terminal && console.color_wanted && !arguments.has("--no-color");
  options.width = console.out_is_terminal ? console.width : 0;
  if (auto ok = read_page(arguments, options); !ok) return ok;
  if (auto ok = read_fields(arguments, options); !ok) return ok;
  return check_page(options);
}

}  // namespace

constinit const std::span<const Option> kSearchOptions = kRows;

Result<SearchOptions> read_stream_options(const Arguments& arguments, const Console& console) {
  SearchOptions options;
  auto asked = read_query_options(arguments, console);
  if (!asked) return tl::unexpected(asked.error());
  options.query = std::move(*asked);
  const std::string format = arguments.value("--format");
  if (format != "ndjson" && format != "csv") return bad_value("--format", "ndjson or csv", format);
  options.format = format == "csv" ? Format::csv : Format::ndjson;
  options.to_terminal = console.out_is_terminal;
  if (const auto list = arguments.given("--return")) {
    if (options.format == Format::ndjson) {
      return fail(ErrorCode::bad_request, "expected --format csv with --return");
    }
    auto columns = read_columns(*list, "--return");
    if (!columns) return tl::unexpected(columns.error());
    options.columns = std::move(*columns);
  }
  return options;
}

Result<SearchOptions> read_search_options(const Arguments& arguments, const Console& console) {
  SearchOptions options;
  auto asked = read_query_options(arguments, console, "--fq");
  if (!asked) return tl::unexpected(asked.error());
  options.query = std::move(*asked);
  if (auto ok = read_all_but_queries(arguments, console, options); !ok) {
    return tl::unexpected(ok.error());
  }
  return options;
}

}  // namespace trailsift::cli
