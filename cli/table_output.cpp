#include <algorithm>

#include "cli/search_output.h"
#include "cli/terminal.h"
#include "cli/text_table.h"

namespace trailsift::cli {
namespace {

constexpr std::size_t kBarWidth = 30;

std::string events_text(std::uint64_t count) {
  return grouped(count) + (count == 1 ? " event" : " events");
}

std::string interval_text(std::chrono::milliseconds interval) {
  constexpr std::pair<std::int64_t, std::string_view> kUnits[] = {
      {86'400'000, "d"}, {3'600'000, "h"}, {60'000, "m"}, {1000, "s"}, {1, "ms"}};
  for (const auto& [length, unit] : kUnits) {
    if (interval.count() % length == 0) {
      return std::to_string(interval.count() / length) + std::string(unit);
    }
  }
  return std::to_string(interval.count()) + "ms";
}

class TableOutput final : public SearchOutput {
 public:
  TableOutput(std::ostream& out, const SearchOptions& options)
      : out_(out),
        columns_(options.columns.empty() ? default_columns() : options.columns),
        look_{.width = options.width, .color = options.color},
        wants_hits_(options.limit != 0),
        hits_(heads(columns_)) {}

  void begin(const query::SearchResult&) override {}

  void hit(const Event& event) override {
    static const FieldIndex kErrorCode = field_index("error_code");
    std::vector<std::string> cells;
    cells.reserve(columns_.size());
    for (const Column& column : columns_) cells.push_back(cell_of(event, column));
    const bool failed = value_of(event, kErrorCode).has_value();
    hits_.add(cells, failed ? std::optional(Style::red) : std::nullopt);
  }

  void end(const query::SearchResult& first, std::uint64_t shown) override {
    if (shown > 0) hits_.print(out_, look_);
    if (shown > 0) out_ << '\n';
    if (wants_hits_) out_ << grouped(shown) << " of ";
    out_ << events_text(first.found) << '\n';
    if (first.cursor) out_ << "next page: --cursor " << printable(*first.cursor) << '\n';
    for (const query::FacetResult& facet : first.facets) print(facet);
    if (first.histogram) print(*first.histogram);
  }

 private:
  static std::vector<TextTable::Head> heads(const std::vector<Column>& columns) {
    std::vector<TextTable::Head> heads;
    for (const Column& column : columns) {
      const FieldType type = column.field ? field_at(*column.field).type : FieldType::text;
      const bool number = type == FieldType::integer;
      const auto align = number ? TextTable::Align::right : TextTable::Align::left;
      heads.push_back({printable(column.name), align, number || type == FieldType::time});
    }
    return heads;
  }

  void print(const query::FacetResult& facet) {
    std::string title(field_at(facet.field).name);
    out_ << '\n'
         << styled(title, Style::bold, look_.color) << ": " << grouped(facet.distinct)
         << (facet.distinct == 1 ? " value" : " values");
    if (facet.buckets.size() < facet.distinct) {
      out_ << ", the " << grouped(facet.buckets.size()) << " most frequent shown";
    }
    if (facet.missing > 0) out_ << ", " << events_text(facet.missing) << " without a value";
    out_ << '\n';
    std::uint64_t most = 0;
    for (const auto& bucket : facet.buckets) most = std::max(most, bucket.count);
    TextTable table({{"value"}, {"count", TextTable::Align::right}, {"bar"}});
    for (const auto& bucket : facet.buckets) {
      table.add({bucket.value, grouped(bucket.count), bar(bucket.count, most, kBarWidth)});
    }
    print_bars(table);
  }

  void print(const query::HistogramResult& histogram) {
    if (histogram.buckets.empty()) return;
    out_ << '\n'
         << styled("events over time", Style::bold, look_.color) << ": "
         << grouped(histogram.buckets.size()) << " x " << interval_text(histogram.interval) << '\n';
    std::uint64_t most = 0;
    for (const auto& bucket : histogram.buckets) most = std::max(most, bucket.count);
    TextTable table({{"begin"}, {"count", TextTable::Align::right}, {"bar"}});
    for (const auto& bucket : histogram.buckets) {
      table.add(
          {format_time(bucket.begin), grouped(bucket.count), bar(bucket.count, most, kBarWidth)});
    }
    print_bars(table);
  }

  void print_bars(const TextTable& table) {
    TextTable::Look look = look_;
    look.titles = false;
    look.indent = 2;
    table.print(out_, look);
  }

  std::ostream& out_;
  std::vector<Column> columns_;
  TextTable::Look look_;
  bool wants_hits_;
  TextTable hits_;
};

}  // namespace

std::unique_ptr<SearchOutput> table_output(std::ostream& out, const SearchOptions& options) {
  return std::make_unique<TableOutput>(out, options);
}

}  // namespace trailsift::cli
