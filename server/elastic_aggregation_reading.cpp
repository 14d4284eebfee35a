#include <algorithm>
#include <array>
#include <utility>

#include "query/resolve.h"
#include "schema/duration.h"
#include "schema/number.h"
#include "server/elastic_aggregations.h"
#include "server/elastic_clauses.h"
#include "server/elastic_query.h"

namespace trailsift::server {
namespace {

using query::ParseOptions;
using Kind = ElasticAggregation::Kind;
using JsonKind = RelaxedJson::Kind;
using Order = query::FacetRequest::Order;

/// Reads what stands behind the name of a kind into `one`.
using ReadBody = Checked<void> (*)(const RelaxedJson& body, const ParseOptions& options,
                                   ElasticAggregation& one);

struct Row {
  std::string_view name;
  Kind kind;
  ReadBody read;
};

Checked<FieldIndex> read_column(const RelaxedJson& name) {
  const auto target = query::resolve_field(elastic_field_name(name.text), name.at);
  if (!target) return refuse(target.error());
  const auto* const field = std::get_if<FieldIndex>(&*target);
  if (field == nullptr || !field_at(*field).column) {
    return refuse_elastic("a field that can be counted", "field", name);
  }
  return *field;
}

Checked<std::uint64_t> read_number(const RelaxedJson& value, std::string_view name,
                                   std::uint64_t most) {
  const auto number = parse_number<std::uint64_t>(value.text);
  if (value.is_scalar() && number && *number <= most) return *number;
  return refuse_elastic("a number up to " + std::to_string(most), name, value);
}

/// `{"_count": "desc"}`, or a list of one or two, of which the second may only say how ties stand.
Checked<void> read_order(const RelaxedJson& value, ElasticAggregation& one) {
  const RelaxedJson& first =
      value.kind == JsonKind::array && !value.items.empty() ? value.items.front() : value;
  if (first.kind != JsonKind::object || first.members.size() != 1) {
    return refuse_elastic("an object such as {\"_count\":\"desc\"}", "order", value);
  }
  const auto& [key, direction] = first.members.front();
  const bool descending = direction.text == "desc";
  if (!descending && direction.text != "asc") {
    return refuse_elastic("'asc' or 'desc'", "order", direction);
  }
  if (key == "_count") {
    one.order = descending ? Order::by_count : Order::rarest;
  } else if (key == "_key" || key == "_term") {
    one.order = Order::by_value;
    one.reversed = descending;
  } else {
    return refuse_unsupported(key, "order", direction.at);
  }
  return {};
}

Checked<void> read_terms_body(const RelaxedJson& body, const ParseOptions&,
                              ElasticAggregation& one) {
  for (const auto& [key, value] : body.members) {
    Checked<void> read;
    if (key == "size") {
      const auto size = read_number(value, key, query::kMaxFacetValues);
      if (size) one.size = static_cast<std::uint32_t>(*size);
      if (!size) read = tl::unexpected(size.error());
    } else if (key == "min_doc_count") {
      const auto least = read_number(value, key, UINT32_MAX);
      // Values without a hit are not told.
      if (least) one.least_docs = std::max<std::uint64_t>(*least, 1);
      if (!least) read = tl::unexpected(least.error());
    } else if (key == "order") {
      read = read_order(value, one);
    } else if (key == "missing" && value.is_scalar()) {
      one.missing_key = value.text;
    } else if (key != "field" && key != "shard_size" && key != "execution_hint" &&
               key != "show_term_doc_count_error" && key != "value_type") {
      read = refuse_unsupported(key, "terms", value.at);
    }
    if (!read) return read;
  }
  if (one.field == event_time_field()) {
    return refuse_unsupported("event_time", "terms; use date_histogram", body.at);
  }
  return {};
}

/// Of a calendar: one of a few names.
std::optional<query::TimeUnit> parse_unit(std::string_view text) {
  using enum query::TimeUnit;
  constexpr std::array kUnits = {
      std::pair("minute", minute), std::pair("1m", minute), std::pair("hour", hour),
      std::pair("1h", hour),       std::pair("day", day),   std::pair("1d", day),
      std::pair("week", week),     std::pair("1w", week),   std::pair("month", month),
      std::pair("1M", month),      std::pair("year", year), std::pair("1y", year)};
  for (const auto& [name, unit] : kUnits) {
    if (text == name) return unit;
  }
  return std::nullopt;
}

Checked<void> read_interval(std::string_view key, const RelaxedJson& value,
                            ElasticAggregation& one) {
  const auto unit = key == "fixed_interval" ? std::nullopt : parse_unit(value.text);
  const auto width = key == "calendar_interval" ? std::nullopt : parse_duration(value.text);
  if (!unit && !width) {
    return refuse_elastic(key == "calendar_interval" ? "a unit such as 'day' or '1M'"
                                                     : "a time such as '30s' or '1h'",
                          key, value);
  }
  if (unit) one.unit = *unit;
  one.width = unit ? std::nullopt : width;
  return {};
}

Checked<void> read_bounds(const RelaxedJson& value, const ParseOptions& options,
                          ElasticAggregation& one) {
  for (const auto& [key, bound] : value.members) {
    if (key != "min" && key != "max") return refuse_unsupported(key, "extended_bounds", bound.at);
    const auto time = read_elastic_time(bound, "epoch_millis", options);
    if (!time) return tl::unexpected(time.error());
    (key == "min" ? one.bounds_from : one.bounds_to) = *time;
  }
  return {};
}

Checked<void> read_times_member(std::string_view key, const RelaxedJson& value,
                                const ParseOptions& options, ElasticAggregation& one) {
  if (key == "fixed_interval" || key == "calendar_interval" || key == "interval") {
    return read_interval(key, value, one);
  }
  if (key == "extended_bounds") return read_bounds(value, options, one);
  if (key == "time_zone") {
    auto zone = query::TimeZone::find(value.text == "utc" ? "UTC" : value.text);
    if (!zone) return refuse(Error{zone.error().code, zone.error().message, value.at});
    one.zone = std::move(*zone);
    return {};
  }
  if (key == "min_doc_count") {
    const auto least = read_number(value, key, UINT32_MAX);
    if (!least) return tl::unexpected(least.error());
    one.least_docs = *least;
    return {};
  }
  if (key == "format") {
    one.epoch_keys = value.text == "epoch_millis";
    return {};
  }
  if (key == "field" || (key == "offset" && value.text == "0") ||
      (key == "keyed" && is_word(value, "false"))) {
    return {};
  }
  return refuse_unsupported(key, "date_histogram", value.at);
}

Checked<void> read_times_body(const RelaxedJson& body, const ParseOptions& options,
                              ElasticAggregation& one) {
  one.least_docs = 0;
  bool has_interval = false;
  for (const auto& [key, value] : body.members) {
    if (auto read = read_times_member(key, value, options, one); !read) return read;
    has_interval = has_interval || key.ends_with("interval");
  }
  if (!has_interval) return refuse_elastic("'fixed_interval'", "date_histogram", body);
  if (one.field != event_time_field()) {
    return refuse_elastic("the time of the event as 'field'", "date_histogram", body);
  }
  if (one.width && one.zone.name() != query::TimeZone().name()) {
    return refuse_unsupported("time_zone", "date_histogram with fixed_interval", body.at);
  }
  return {};
}

Checked<void> read_field_alone(const RelaxedJson& body, const ParseOptions&, ElasticAggregation&) {
  for (const auto& [key, value] : body.members) {
    if (key != "field" && key != "precision_threshold") {
      return refuse_unsupported(key, "an aggregation of numbers", value.at);
    }
  }
  return {};
}

Checked<void> read_numbers_body(const RelaxedJson& body, const ParseOptions& options,
                                ElasticAggregation& one) {
  const Field& field = field_at(one.field);
  if (field.multi || (field.type != FieldType::integer && field.type != FieldType::time)) {
    return refuse_elastic("a field of numbers or times", "field", *find_member(body, "field"));
  }
  return read_field_alone(body, options, one);
}

/// What adds values up, which nobody wants of times.
Checked<void> read_sums_body(const RelaxedJson& body, const ParseOptions& options,
                             ElasticAggregation& one) {
  if (field_at(one.field).type == FieldType::time) {
    return refuse_elastic("a field of numbers (of times there are 'min' and 'max')", "field",
                          *find_member(body, "field"));
  }
  return read_numbers_body(body, options, one);
}

Checked<void> add_filter(std::string name, const RelaxedJson& query, const ParseOptions& options,
                         ElasticAggregation& one) {
  auto tree = read_elastic_query(query, options);
  if (!tree) return tl::unexpected(std::move(tree.error()));
  one.filters.emplace_back(std::move(name), std::move(*tree));
  return {};
}

Checked<void> read_filter_body(const RelaxedJson& body, const ParseOptions& options,
                               ElasticAggregation& one) {
  return add_filter("", body, options, one);
}

Checked<void> read_filters_body(const RelaxedJson& body, const ParseOptions& options,
                                ElasticAggregation& one) {
  const RelaxedJson* const filters = find_member(body, "filters");
  if (filters == nullptr || filters->kind != JsonKind::object || body.members.size() != 1) {
    return refuse_elastic("'filters', an object, alone", "filters", body);
  }
  for (const auto& [name, query] : filters->members) {
    if (auto added = add_filter(name, query, options, one); !added) return added;
  }
  return {};
}

constexpr std::array kRows = {
    Row{"terms", Kind::terms, read_terms_body},
    Row{"date_histogram", Kind::date_histogram, read_times_body},
    Row{"cardinality", Kind::cardinality, read_field_alone},
    Row{"value_count", Kind::value_count, read_field_alone},
    Row{"missing", Kind::missing, read_field_alone},
    Row{"min", Kind::min, read_numbers_body},
    Row{"max", Kind::max, read_numbers_body},
    Row{"sum", Kind::sum, read_sums_body},
    Row{"avg", Kind::avg, read_sums_body},
    Row{"stats", Kind::stats, read_sums_body},
    Row{"filter", Kind::filter, read_filter_body},
    Row{"filters", Kind::filters, read_filters_body},
};

bool may_have_parts(Kind kind) {
  return kind == Kind::terms || kind == Kind::date_histogram || kind == Kind::filter ||
         kind == Kind::filters || kind == Kind::missing;
}

Checked<void> read_kind(std::string_view name, const RelaxedJson& body, const ParseOptions& options,
                        ElasticAggregation& one) {
  const auto* const row = std::ranges::find(kRows, name, &Row::name);
  if (row == kRows.end()) return refuse_unsupported(name, "aggs", body.at);
  one.kind = row->kind;
  if (row->kind != Kind::filter && row->kind != Kind::filters) {
    const RelaxedJson* const field = find_member(body, "field");
    if (field == nullptr || !field->is_scalar()) return refuse_elastic("'field'", name, body);
    const auto column = read_column(*field);
    if (!column) return tl::unexpected(column.error());
    one.field = *column;
  }
  return row->read(body, options, one);
}

Checked<ElasticAggregation> read_aggregation(std::string name, const RelaxedJson& value,
                                             const ParseOptions& options) {
  ElasticAggregation one;
  one.name = std::move(name);
  bool has_kind = false;
  const RelaxedJson* parts = nullptr;
  for (const auto& [key, body] : value.members) {
    if (key == "aggs" || key == "aggregations") {
      parts = &body;
    } else if (key != "meta") {
      if (std::exchange(has_kind, true)) return refuse_elastic("one kind", one.name, value);
      const auto read = read_kind(key, body, options, one);
      if (!read) return tl::unexpected(read.error());
    }
  }
  if (!has_kind) return refuse_elastic("an object with one kind", one.name, value);
  if (parts == nullptr) return one;
  auto inside = read_elastic_aggregations(*parts, options);
  if (!inside) return tl::unexpected(inside.error());
  if (!inside->empty() && !may_have_parts(one.kind)) {
    return refuse_unsupported("aggs", "an aggregation without buckets", parts->at);
  }
  one.parts = std::move(*inside);
  return one;
}

}  // namespace

std::vector<std::string_view> elastic_aggregations() {
  std::vector<std::string_view> names;
  for (const Row& row : kRows) names.push_back(row.name);
  return names;
}

Checked<std::vector<ElasticAggregation>> read_elastic_aggregations(const RelaxedJson& aggregations,
                                                                   const ParseOptions& options) {
  if (aggregations.kind != JsonKind::object) {
    return refuse_elastic("an object of aggregations", "aggs", aggregations);
  }
  std::vector<ElasticAggregation> all;
  for (const auto& [name, value] : aggregations.members) {
    auto one = read_aggregation(name, value, options);
    if (!one) return tl::unexpected(one.error());
    all.push_back(std::move(*one));
  }
  return all;
}

}  // namespace trailsift::server
