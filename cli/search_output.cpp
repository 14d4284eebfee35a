#include "cli/search_output.h"

namespace trailsift::cli {

std::vector<Column> columns_read(const SearchOptions& options) {
  static const Column kRecord{"raw", field_index("raw")};
  static const Column kErrorCode{"error_code", field_index("error_code")};
  if (options.format == Format::ndjson) return {kRecord};
  std::vector<Column> columns = options.columns;
  if (columns.empty()) {
    columns = options.format == Format::json ? all_columns() : default_columns();
  }
  // Tables show what failed in another color.
  if (options.format == Format::table) columns.push_back(kErrorCode);
  return columns;
}

std::unique_ptr<SearchOutput> search_output(std::ostream& out, const SearchOptions& options) {
  switch (options.format) {
    case Format::table: return table_output(out, options);
    case Format::json: return json_output(out, options);
    case Format::ndjson: return ndjson_output(out, options);
    case Format::csv: return csv_output(out, options);
  }
  return table_output(out, options);
}

}  // namespace trailsift::cli
