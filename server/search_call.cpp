#include "server/search_call.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "schema/duration.h"
#include "schema/number.h"
#include "server/search_parameters.h"
#include "server/search_reading.h"

namespace trailsift::server {
namespace {

// --- parameters that are refused ---

struct OldParameter {
  std::string_view name;
  std::string_view advice;
};

/// Of the 2011 API; what the real service says about the first is on record.
constexpr std::array kOldParameters = {
    OldParameter{"bq", "Replace 'bq=query' with 'q.parser=structured&q=query'."},
    OldParameter{"rank", "Replace 'rank=-field' with 'sort=field desc'."},
    OldParameter{"return-fields", "Replace 'return-fields=a,b' with 'return=a,b'."},
    OldParameter{"results-type", "Replace 'results-type=json' with 'format=json'."},
};

std::string_view family(std::string_view name) {
  return name.substr(0, name.find('.'));
}

bool is_not_yet_supported(std::string_view name) {
  return std::ranges::any_of(kSearchParameters, [&](const SearchParameter& row) {
    return row.support == Support::not_yet && family(row.name) == family(name);
  });
}

Checked<void> refuse_what_cannot_be_done(Reading& reading) {
  for (const Parameter& parameter : reading.parameters.all()) {
    const auto old = std::ranges::find(kOldParameters, parameter.name, &OldParameter::name);
    if (old != kOldParameters.end()) {
      return refuse(
          ErrorCode::bad_request,
          "Parameter '" + parameter.name + "' is no longer valid. " + std::string(old->advice),
          parameter.name);
    }
    if (parameter.name.starts_with("facet-")) {
      return refuse(ErrorCode::bad_request,
                    "Parameter '" + parameter.name +
                        "' is no longer valid. Replace it with 'facet.FIELD={...}'.",
                    parameter.name);
    }
    if (is_not_yet_supported(parameter.name)) {
      return refuse(ErrorCode::bad_request, "parameter '" + parameter.name + "' is not supported",
                    parameter.name);
    }
  }
  return {};
}

// --- single values ---

Checked<std::uint32_t> read_number(const Reading& reading, const std::string& parameter,
                                   std::uint32_t otherwise) {
  const std::string* text = reading.parameters.find(parameter);
  if (text == nullptr) return otherwise;
  const auto number = parse_number<std::uint32_t>(*text);
  if (!number || *number > query::kMaxWindow) {
    return bad_value(parameter, "a number from 0 to " + std::to_string(query::kMaxWindow), *text);
  }
  return *number;
}

Checked<bool> read_flag(const Reading& reading, const std::string& parameter) {
  const std::string* text = reading.parameters.find_nonempty(parameter);
  if (text == nullptr || *text == "false") return false;
  if (*text == "true") return true;
  return bad_value(parameter, "true or false", *text);
}

// --- the steps ---

Checked<void> read_format(Reading& reading) {
  if (const std::string* format = reading.parameters.find_nonempty("format")) {
    const auto dialect = find_dialect(*format);
    if (!dialect) return bad_value("format", "json, sdk or xml", *format);
    reading.call.dialect = *dialect;
  }
  const auto pretty = read_flag(reading, "pretty");
  if (!pretty) return tl::unexpected(pretty.error());
  reading.call.pretty = *pretty;
  const auto partial = read_flag(reading, "partial");
  if (!partial) return tl::unexpected(partial.error());
  reading.call.request.partial = *partial;
  return {};
}

Checked<std::optional<Timestamp>> read_time(const Reading& reading, const std::string& parameter) {
  const std::string* text = reading.parameters.find_nonempty(parameter);
  if (text == nullptr) return std::optional<Timestamp>();
  auto time = parse_time_bound(*text, reading.now);
  if (!time) {
    return refuse(Error{ErrorCode::bad_request, time.error().message, time.error().at}, parameter);
  }
  return std::optional(*time);
}

Checked<void> read_time_range(Reading& reading) {
  const auto from = read_time(reading, "from");
  if (!from) return tl::unexpected(from.error());
  const auto to = read_time(reading, "to");
  if (!to) return tl::unexpected(to.error());
  if (*from && *to && **to < **from) {
    return refuse(ErrorCode::bad_request, "expected 'from' to be before 'to'", "from");
  }
  reading.call.request.time = query::InTime{*from, *to};
  return {};
}

Checked<void> read_page(Reading& reading) {
  query::SearchRequest& request = reading.call.request;
  const auto size = read_number(reading, "size", request.size);
  if (!size) return tl::unexpected(size.error());
  const auto start = read_number(reading, "start", 0);
  if (!start) return tl::unexpected(start.error());
  if (*start + *size > query::kMaxWindow) {
    return refuse(ErrorCode::bad_request,
                  "start + size passes the limit of " + std::to_string(query::kMaxWindow) +
                      ": page with 'cursor'",
                  "start");
  }
  request.size = *size;
  request.start = *start;
  const std::string* cursor = reading.parameters.find("cursor");
  if (cursor == nullptr) return {};
  if (reading.parameters.find("start") != nullptr) {
    return refuse(ErrorCode::bad_request, "'start' and 'cursor' are mutually exclusive.", "cursor");
  }
  request.cursor = *cursor;
  for (const char* name : {"q", "q.parser", "q.options", "fq", "from", "to", "sort"}) {
    const std::string* value = reading.parameters.find(name);
    if (value != nullptr) request.fingerprint += *value;
    request.fingerprint += '\n';
  }
  for (const Parameter& parameter : reading.parameters.all()) {
    if (family(parameter.name) != "expr") continue;
    request.fingerprint += parameter.name + '\n' + parameter.value + '\n';
  }
  return {};
}

Checked<void> read_histogram(Reading& reading) {
  const std::string* text = reading.parameters.find_nonempty("histogram");
  if (text == nullptr) return {};
  query::HistogramRequest histogram;
  if (*text != "auto") {
    histogram.interval = parse_duration(*text);
    if (!histogram.interval) {
      return bad_value("histogram", "auto or a width such as 30s, 5m, 1h, 1d or 1w", *text);
    }
  }
  reading.call.request.histogram = histogram;
  return {};
}

constexpr std::array<Step, 13> kSteps = {
    refuse_what_cannot_be_done,
    read_format,
    read_query,
    read_time_range,
    read_page,
    read_expressions,
    read_sort,
    read_returned,
    read_score,
    read_facets,
    read_stats,
    read_highlights,
    read_histogram,
};

}  // namespace

std::optional<Dialect> find_dialect(std::string_view format) {
  if (format == "json") return Dialect::json;
  if (format == "sdk") return Dialect::sdk;
  if (format == "xml") return Dialect::xml;
  return std::nullopt;
}

tl::unexpected<Refusal> bad_value(const std::string& parameter, std::string_view wanted,
                                  const std::string& value) {
  return refuse(
      ErrorCode::bad_request,
      "expected " + std::string(wanted) + " for parameter '" + parameter + "', got '" + value + "'",
      parameter);
}

Checked<SearchCall> parse_search_call(const Parameters& parameters, Timestamp now) {
  Reading reading{parameters, now, {}};
  for (const Step step : kSteps) {
    if (auto ok = step(reading); !ok) return tl::unexpected(ok.error());
  }
  return std::move(reading.call);
}

}  // namespace trailsift::server
