#pragma once

#include <memory>
#include <ostream>

#include "cli/search_options.h"
#include "query/search.h"

namespace trailsift::cli {

/// Writes the answer to a search in one format. Calls come in the order begin, hit …, end.
class SearchOutput {
 public:
  virtual ~SearchOutput() = default;

  /// `first` is the first page: found, facets and histogram are about all hits.
  virtual void begin(const query::SearchResult& first) = 0;
  virtual void hit(const Event& event) = 0;
  /// `shown` hits were passed to hit().
  virtual void end(const query::SearchResult& first, std::uint64_t shown) = 0;
};

/// The one that the options' format asks for.
std::unique_ptr<SearchOutput> search_output(std::ostream& out, const SearchOptions& options);

/// Aligned columns, then facets and histogram as bars. Keeps all hits until the end.
std::unique_ptr<SearchOutput> table_output(std::ostream& out, const SearchOptions& options);

/// One object {"found", "hits": [{"id", "fields"}], "facets", "histogram", "cursor"}, a line for
/// each hit. Fields with several values are arrays, subtree fields are the JSON of the record.
std::unique_ptr<SearchOutput> json_output(std::ostream& out, const SearchOptions& options);

/// The original records, one a line. Their bytes are kept, but for line breaks between tokens, and
/// on a terminal for what could harm it.
std::unique_ptr<SearchOutput> ndjson_output(std::ostream& out, const SearchOptions& options);

/// RFC 4180 with a header line; text that a spreadsheet would take for a formula gets a "'".
std::unique_ptr<SearchOutput> csv_output(std::ostream& out, const SearchOptions& options);

/// What an output with these options reads of each hit.
std::vector<Column> columns_read(const SearchOptions& options);

/// One value as it stands between the commas of a csv line.
std::string csv_cell(std::string_view text, bool is_number, bool to_terminal);

}  // namespace trailsift::cli
