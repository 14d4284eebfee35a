#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "cli/search_output.h"
#include "cli/terminal.h"

namespace trailsift::cli {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_string(Writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_key(Writer& writer, std::string_view text) {
  writer.Key(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

/// Numbers and booleans are such in JSON too; subtrees are what the record has.
void write_value(Writer& writer, const Column& column, std::string_view value) {
  const Field* const field = column.field ? &field_at(*column.field) : nullptr;
  const bool bare =
      field != nullptr && (field->origin == Origin::subtree || field->type == FieldType::integer ||
                           field->type == FieldType::boolean);
  if (bare) {
    writer.RawValue(value.data(), value.size(), rapidjson::kObjectType);
  } else {
    write_string(writer, value);
  }
}

bool is_array(const Column& column, std::size_t values) {
  if (!column.field) return values > 1;
  const Field& field = field_at(*column.field);
  return field.multi && field.origin != Origin::subtree;
}

void write_fields(Writer& writer, const Event& event, const std::vector<Column>& columns) {
  writer.StartObject();
  for (const Column& column : columns) {
    const auto values = values_of(event, column);
    if (values.empty()) continue;
    write_key(writer, column.name);
    const bool array = is_array(column, values.size());
    if (array) writer.StartArray();
    for (const std::string& value : values) write_value(writer, column, value);
    if (array) writer.EndArray();
  }
  writer.EndObject();
}

void write_facets(Writer& writer, const std::vector<query::FacetResult>& facets) {
  writer.StartObject();
  for (const query::FacetResult& facet : facets) {
    write_key(writer, field_at(facet.field).name);
    writer.StartObject();
    write_key(writer, "buckets");
    writer.StartArray();
    for (const query::FacetCount& bucket : facet.buckets) {
      writer.StartObject();
      write_key(writer, "value");
      write_string(writer, bucket.value);
      write_key(writer, "count");
      writer.Uint64(bucket.count);
      writer.EndObject();
    }
    writer.EndArray();
    write_key(writer, "distinct");
    writer.Uint64(facet.distinct);
    write_key(writer, "missing");
    writer.Uint64(facet.missing);
    writer.EndObject();
  }
  writer.EndObject();
}

void write_counts(Writer& writer, std::string_view name, const std::vector<std::uint64_t>& counts) {
  write_key(writer, name);
  writer.StartArray();
  for (const std::uint64_t count : counts) writer.Uint64(count);
  writer.EndArray();
}

void write_split(Writer& writer, const query::HistogramResult& histogram) {
  write_key(writer, "series");
  writer.StartArray();
  for (const auto& series : histogram.series) {
    writer.StartObject();
    write_key(writer, "value");
    write_string(writer, series.value);
    write_counts(writer, "counts", series.counts);
    writer.EndObject();
  }
  writer.EndArray();
  write_counts(writer, "others", histogram.others);
  write_counts(writer, "missing", histogram.missing);
}

void write_histogram(Writer& writer, const query::HistogramResult& histogram) {
  writer.StartObject();
  write_key(writer, "interval_ms");
  writer.Int64(histogram.interval.count());
  write_key(writer, "buckets");
  writer.StartArray();
  for (const auto& bucket : histogram.buckets) {
    writer.StartObject();
    write_key(writer, "begin");
    write_string(writer, format_time(bucket.begin));
    write_key(writer, "count");
    writer.Uint64(bucket.count);
    writer.EndObject();
  }
  writer.EndArray();
  if (!histogram.others.empty()) write_split(writer, histogram);
  writer.EndObject();
}

class JsonOutput final : public SearchOutput {
 public:
  JsonOutput(std::ostream& out, const SearchOptions& options)
      : out_(out), columns_(options.columns.empty() ? all_columns() : options.columns) {}

  void begin(const query::SearchResult& first) override {
    out_ << "{\"found\":" << first.found << ",\"hits\":[";
  }

  void hit(const Event& event) override {
    out_ << (first_hit_ ? "\n" : ",\n");
    first_hit_ = false;
    write([&](Writer& writer) {
      writer.StartObject();
      write_key(writer, "id");
      write_string(writer, event.id);
      write_key(writer, "fields");
      write_fields(writer, event, columns_);
      writer.EndObject();
    });
  }

  void end(const query::SearchResult& first, std::uint64_t) override {
    out_ << (first_hit_ ? "]" : "\n]");
    if (!first.facets.empty()) {
      out_ << ",\n\"facets\":";
      write([&](Writer& writer) { write_facets(writer, first.facets); });
    }
    if (first.histogram) {
      out_ << ",\n\"histogram\":";
      write([&](Writer& writer) { write_histogram(writer, *first.histogram); });
    }
    if (first.cursor) {
      out_ << ",\n\"cursor\":";
      write([&](Writer& writer) { write_string(writer, *first.cursor); });
    }
    out_ << "}\n";
  }

 private:
  template <class Body>
  void write(Body&& body) {
    rapidjson::StringBuffer buffer;
    Writer writer(buffer);
    body(writer);
    out_ << printable_json({buffer.GetString(), buffer.GetSize()});
  }

  std::ostream& out_;
  std::vector<Column> columns_;
  bool first_hit_ = true;
};

class NdjsonOutput final : public SearchOutput {
 public:
  NdjsonOutput(std::ostream& out, const SearchOptions& options)
      : out_(out), to_terminal_(options.to_terminal) {}

  void begin(const query::SearchResult&) override {}

  void hit(const Event& event) override {
    if (to_terminal_) {
      out_ << printable_json(event.json) << '\n';
      return;
    }
    std::string line = event.json;
    for (char& c : line) {
      if (c == '\n' || c == '\r') c = ' ';  // Between tokens: JSON strings hold none.
    }
    out_ << line << '\n';
  }

  void end(const query::SearchResult&, std::uint64_t) override {}

 private:
  std::ostream& out_;
  bool to_terminal_;
};

}  // namespace

std::unique_ptr<SearchOutput> json_output(std::ostream& out, const SearchOptions& options) {
  return std::make_unique<JsonOutput>(out, options);
}

std::unique_ptr<SearchOutput> ndjson_output(std::ostream& out, const SearchOptions& options) {
  return std::make_unique<NdjsonOutput>(out, options);
}

}  // namespace trailsift::cli
