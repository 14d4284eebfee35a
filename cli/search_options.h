#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/column.h"
#include "cli/command.h"
#include "cli/mistake.h"
#include "query/search.h"

namespace trailsift::cli {

enum class Format : std::uint8_t { table, json, ndjson, csv };

/// What `trailsift search` was asked for, read and bound to the schema.
struct SearchOptions {
  std::string data_directory;
  query::SearchRequest request;        ///< `size` is the page's; see `limit`.
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

tl::expected<SearchOptions, Mistake> read_search_options(const Arguments& arguments,
                                                         const Console& console);

}  // namespace trailsift::cli
