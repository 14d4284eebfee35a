#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/column.h"
#include "cli/command.h"
#include "cli/query_options.h"
#include "query/search.h"

namespace trailsift::cli {

enum class Format : std::uint8_t { table, json, ndjson, csv };

/// What `trailsift search` was asked for, all but the queries read and bound to the schema.
struct SearchOptions {
  QueryOptions query;
  query::SearchRequest request;  ///< But for query and time. `size` is the page's: see `limit`.
  std::optional<std::uint64_t> limit;  ///< Hits wanted in all; nullopt: every one.
  std::vector<Column> columns;         ///< Empty: the format's own choice.
  Format format = Format::table;
  bool color = false;
  std::size_t width = 0;  ///< Columns that tables must keep to; 0: any.
  bool to_terminal = false;
};

extern const std::span<const Option> kSearchOptions;

/// More hits than this come in pages, through a cursor.
constexpr std::uint32_t kPageSize = 1000;

/// The row of the fields to show.
inline constexpr Option kReturnOption{
    "--return", "FIELDS", "", Arity::optional,
    "fields to show, separated by commas; also paths such as requestParameters.bucketName"};

/// Those of commands that write all of something.
inline constexpr std::array kStreamOptions = {
    Option{"--format", "FORMAT", "ndjson", Arity::optional,
           "ndjson (the original records, one a line) or csv"},
    kReturnOption};

/// What commands that write all of something were asked for: query, times, --format (ndjson or
/// csv) and --return. Errors are bad_request.
Result<SearchOptions> read_stream_options(const Arguments& arguments, const Console& console);

/// Errors are bad_request.
Result<SearchOptions> read_search_options(const Arguments& arguments, const Console& console);

}  // namespace trailsift::cli
