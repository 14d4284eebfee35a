#include "cli/search_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <limits>
#include <utility>

#include "cli/join_options.h"
#include "cli/query_options.h"

namespace trailsift::cli {
namespace {

// clang-format off
constexpr std::array kRows = {
  kQueryOption,
  Option{"--syntax",      "NAME",      "kql",        Arity::optional, "language of QUERY and --fq: kql, or structured, simple, lucene or dismax of CloudSearch"},
  kZoneOption,
  kDataOption,
  kAccountNamesOption,
  kFromOption,
  kToOption,
  Option{"--fq",          "QUERY",     "",           Arity::optional, "a second query that hits must match too"},
  Option{"--size",        "N",         "10",         Arity::optional, "how many hits to show; 'all' for every one, but not in a table"},
  Option{"--start",       "N",         "0",          Arity::optional, "how many hits to pass over first"},
  Option{"--cursor",      "CURSOR",    "",           Arity::optional, "page through all hits: 'initial', then the cursor that the last page gave"},
  Option{"--sort",        "FIELD:asc", "",           Arity::repeated, "order of the hits, FIELD:asc or FIELD:desc; newest first without it"},
  Option{"--return",      "FIELDS",    "",           Arity::optional, "fields to show, separated by commas; also paths such as requestParameters.bucketName"},
  Option{"--facet",       "FIELD",     "",           Arity::repeated, "count the values of a field over all hits"},
  Option{"--facet-size",  "N",         "10",         Arity::optional, "how many values of each facet to show"},
  Option{"--histogram",   "INTERVAL",  "",           Arity::optional, "count hits over time: 'auto', or an interval such as 30s, 5m, 1h, 1d, 1w"},
  Option{"--format",      "FORMAT",    "table",      Arity::optional, "table, json (one object), ndjson (the original records) or csv"},
  Option{"--no-color",    "",          "",           Arity::optional, "no colors, even on a terminal; so does the variable NO_COLOR"},
};
// clang-format on

tl::unexpected<Mistake> mistake(Error error, std::string source = {}) {
  return tl::unexpected(Mistake{std::move(error), std::move(source)});
}

tl::unexpected<Error> bad_value(std::string_view option, std::string_view wanted,
                                std::string_view got) {
  return fail(ErrorCode::bad_request, "expected " + std::string(option) + " to be " +
                                          std::string(wanted) + ", got '" + std::string(got) + "'");
}

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

/// "30s", "5m", "1h", "1d", "1w".
Result<std::chrono::milliseconds> read_interval(const std::string& text) {
  constexpr std::array kUnits = {std::pair{'s', 1LL}, std::pair{'m', 60LL}, std::pair{'h', 3600LL},
                                 std::pair{'d', 86'400LL}, std::pair{'w', 604'800LL}};
  constexpr long long kMostSeconds = 100LL * 366 * 86'400;
  long long amount = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, amount);
  for (const auto& [unit, seconds] : kUnits) {
    const bool fits = error == std::errc() && end + 1 == last && *end == unit;
    if (fits && amount > 0 && amount <= kMostSeconds / seconds) {
      return std::chrono::milliseconds(amount * seconds * 1000);
    }
  }
  return bad_value("--histogram", "'auto' or an interval such as 30s, 5m, 1h, 1d, 1w", text);
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
    request.histogram.emplace();
    if (*interval == "auto") return {};
    const auto length = read_interval(*interval);
    if (!length) return tl::unexpected(length.error());
    request.histogram->interval = *length;
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
  options.data_directory = arguments.value("--data");
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

tl::expected<SearchOptions, Mistake> read_search_options(const Arguments& arguments,
                                                         const Console& console) {
  auto asked = read_query_options(arguments, console);
  if (!asked) return tl::unexpected(asked.error());
  SearchOptions options;
  if (auto ok = read_all_but_queries(arguments, console, options); !ok) {
    return mistake(ok.error());
  }
  options.request.time = asked->time;
  options.request.query = std::move(asked->query);
  if (const auto text = arguments.given("--fq")) {
    auto tree = asked->syntax->parse(*text, asked->parse);
    if (!tree) return mistake(tree.error(), *text);
    query::AllOf both;
    both.children.push_back(std::move(options.request.query));
    both.children.push_back(std::move(*tree));
    options.request.query = query::Tree{std::move(both)};
  }
  for (const std::string_view option : {"QUERY", "--fq", "--syntax", "--zone", "--from", "--to"}) {
    options.request.fingerprint.append(arguments.value(option)).append("\n");
  }
  return options;
}

}  // namespace trailsift::cli
