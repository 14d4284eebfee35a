#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace trailsift::server {

enum class Support : std::uint8_t {
  full,
  not_yet,  ///< Part of CloudSearch's API; refused with an explanation.
};

/// One parameter of the search route. FIELD and NAME in a name stand for any text.
struct SearchParameter {
  std::string_view name;
  Support support;
  std::string_view help;
};

// clang-format off
constexpr std::array kSearchParameters = {
  SearchParameter{"q",              Support::full,    "the query; without it, fq alone selects"},
  SearchParameter{"q.parser",       Support::full,    "the query's syntax: simple, structured, lucene or dismax; simple"},
  SearchParameter{"q.options",      Support::full,    "{defaultOperator: 'and'|'or', fields: [...], ...} for words without a field in q"},
  SearchParameter{"fq",             Support::full,    "a second query, always structured, that hits must answer too"},
  SearchParameter{"size",           Support::full,    "hits to return, 0 to 10000; 10"},
  SearchParameter{"start",          Support::full,    "hits to pass over; start + size up to 10000; 0"},
  SearchParameter{"cursor",         Support::full,    "initial, or hits.cursor of the previous answer, to page beyond 10000"},
  SearchParameter{"sort",           Support::full,    "up to 10 of NAME asc|desc, separated by commas, or _score; newest first"},
  SearchParameter{"return",         Support::full,    "fields to return, separated by commas; _all_fields; _no_fields; _score"},
  SearchParameter{"facet.FIELD",    Support::full,    "{sort: 'count'|'bucket', size: N} or {buckets: [...]}"},
  SearchParameter{"facet",          Support::full,    "the same for several fields: {FIELD: {...}, ...}"},
  SearchParameter{"from",           Support::full,    "events from this time on: RFC 3339, a day, now-24h"},
  SearchParameter{"to",             Support::full,    "events before this time"},
  SearchParameter{"histogram",      Support::full,    "hits by time: auto, or the width of a bucket such as 1h"},
  SearchParameter{"format",         Support::full,    "shape of the answer: json, sdk or xml; json"},
  SearchParameter{"pretty",         Support::full,    "true for an indented answer"},
  SearchParameter{"partial",        Support::full,    "`true`: when the time is over, what was found by then is answered, with `percent-searched` in `status`"},
  SearchParameter{"highlight.FIELD", Support::full, "an excerpt with the words found: {format: 'html'|'text', max_phrases: N, pre_tag, post_tag}"},
  SearchParameter{"highlight",      Support::full, "the same for several fields"},
  SearchParameter{"expr.NAME",      Support::full, "an expression of numbers, for sort and return"},
  SearchParameter{"expr",           Support::full, "the same for several names"},
  SearchParameter{"stats.FIELD",    Support::full, "{}: minimum, maximum, mean of a field of numbers or times"},
  SearchParameter{"stats",          Support::full, "the same for several fields"},
};
// clang-format on

}  // namespace trailsift::server
