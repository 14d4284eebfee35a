#include <algorithm>
#include <array>

#include "cli/search_output.h"
#include "cli/terminal.h"

namespace trailsift::cli {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

/// Spreadsheets run what begins so, also after they were asked to take it for text.
bool looks_like_formula(std::string_view text) {
  constexpr std::array<std::string_view, 11> kBeginnings = {"=",  "+",  "-",  "@",  "\t", "\r",
                                                            "\n", "＝", "＋", "－", "＠"};
  return std::ranges::any_of(kBeginnings,
                             [text](std::string_view b) { return text.starts_with(b); });
}

/// printable(), but tabs and line breaks are data in a csv file.
std::string printable_cell(std::string_view text) {
  constexpr std::string_view kKept = "\t\r\n";
  std::string out;
  while (!text.empty()) {
    const std::size_t kept = text.find_first_of(kKept);
    out += printable(text.substr(0, kept));
    if (kept == std::string_view::npos) break;
    out += text[kept];
    text.remove_prefix(kept + 1);
  }
  return out;
}

class CsvOutput final : public SearchOutput {
 public:
  CsvOutput(std::ostream& out, const SearchOptions& options)
      : out_(out),
        columns_(options.columns.empty() ? default_columns() : options.columns),
        to_terminal_(options.to_terminal) {}

  void begin(const query::SearchResult&) override {
    std::string line;
    for (const Column& column : columns_) {
      if (!line.empty()) line += ',';
      line += csv_cell(column.name, false, to_terminal_);
    }
    out_ << line << kLineEnd;
  }

  void hit(const Event& event) override {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i > 0) line += ',';
      const auto field = columns_[i].field;
      const bool number = field && field_at(*field).type == FieldType::integer;
      line += csv_cell(cell_of(event, columns_[i]), number, to_terminal_);
    }
    out_ << line << kLineEnd;
  }

  void end(const query::SearchResult&, std::uint64_t) override {}

 private:
  std::ostream& out_;
  std::vector<Column> columns_;
  bool to_terminal_;
};

}  // namespace

std::string csv_cell(std::string_view text, bool is_number, bool to_terminal) {
  std::string cell = !is_number && looks_like_formula(text) ? "'" : "";
  cell += to_terminal ? printable(text) : printable_cell(text);
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::unique_ptr<SearchOutput> csv_output(std::ostream& out, const SearchOptions& options) {
  return std::make_unique<CsvOutput>(out, options);
}

}  // namespace trailsift::cli
