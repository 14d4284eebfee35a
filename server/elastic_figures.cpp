#include "server/elastic_figures.h"

namespace trailsift::server {
namespace {

void write_null(JsonOut& out, std::string_view name) {
  out.key(name);
  out.raw("null");
}

/// A number of a field of integers or times.
void write_value(JsonOut& out, std::string_view name, const std::optional<std::string>& value,
                 bool is_time) {
  if (!value) return write_null(out, name);
  out.key(name);
  if (!is_time) return out.raw(*value);
  const auto time = parse_time(*value);
  out.raw(time ? std::to_string(time->time_since_epoch().count()) : "null");
  out.member(std::string(name) + "_as_string", *value);
}

void write_average(JsonOut& out, std::string_view name, const query::NumberStats& stats) {
  if (stats.count == 0) return write_null(out, name);
  out.key(name);
  out.real(stats.sum / static_cast<double>(stats.count));
}

}  // namespace

void write_figures(JsonOut& out, ElasticAggregation::Kind kind, const query::NumberStats& stats) {
  using Kind = ElasticAggregation::Kind;
  const bool is_time = field_at(stats.field).type == FieldType::time;
  if (kind == Kind::min) return write_value(out, "value", stats.min, is_time);
  if (kind == Kind::max) return write_value(out, "value", stats.max, is_time);
  if (kind == Kind::avg) return write_average(out, "value", stats);
  if (kind == Kind::sum) {
    out.key("value");
    return out.real(stats.sum);
  }
  out.member("count", stats.count);
  write_value(out, "min", stats.min, is_time);
  write_value(out, "max", stats.max, is_time);
  write_average(out, "avg", stats);
  out.key("sum");
  out.real(stats.sum);
}

void write_bucket_key(JsonOut& out, FieldIndex field, const std::string& value, bool is_typed) {
  const FieldType type = is_typed ? field_at(field).type : FieldType::keyword;
  out.key("key");
  if (type == FieldType::integer) return out.raw(value);
  if (type != FieldType::boolean) return out.string(value);
  out.number(value == "true" ? 1 : 0);
  out.member("key_as_string", value);
}

}  // namespace trailsift::server
