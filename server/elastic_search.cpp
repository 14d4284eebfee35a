#include "server/elastic_search.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "query/computed_order.h"
#include "query/cursor.h"
#include "query/resolve.h"
#include "query/simplify.h"
#include "query/sort.h"
#include "query/syntax.h"
#include "schema/duration.h"
#include "schema/number.h"
#include "server/elastic_clauses.h"
#include "server/elastic_query.h"

namespace trailsift::server {
namespace {

using query::ParseOptions;
using Kind = RelaxedJson::Kind;

/// A body on its way to an ElasticSearch.
struct Reading {
  ParseOptions options;
  std::optional<RelaxedJson> query;
  std::vector<RelaxedJson> search_after;
  bool allows_part = true;
  ElasticSearch search;
};

using ReadMember = Checked<void> (*)(const RelaxedJson& value, Reading& reading);

struct MemberRow {
  std::string_view name;
  ReadMember read;
};

Checked<void> read_query(const RelaxedJson& value, Reading& reading) {
  reading.query = value;
  auto tree = read_elastic_query(value, reading.options);
  if (!tree) return tl::unexpected(std::move(tree.error()));
  reading.search.request.query = query::simplify(std::move(*tree));
  return {};
}

Checked<std::uint32_t> read_window(const RelaxedJson& value, std::string_view name) {
  const auto number = parse_number<std::uint32_t>(value.text);
  if (value.is_scalar() && number && *number <= query::kMaxWindow) return *number;
  return refuse_elastic("a number up to " + std::to_string(query::kMaxWindow), name, value);
}

Checked<void> read_size(const RelaxedJson& value, Reading& reading) {
  const auto size = read_window(value, "size");
  if (!size) return tl::unexpected(size.error());
  reading.search.request.size = *size;
  return {};
}

Checked<void> read_from(const RelaxedJson& value, Reading& reading) {
  const auto from = read_window(value, "from");
  if (!from) return tl::unexpected(from.error());
  reading.search.request.start = *from;
  return {};
}

Checked<void> add_sort_key(std::string_view name, const RelaxedJson& how, Reading& reading) {
  std::string_view direction;
  if (how.kind == Kind::object) {
    for (const auto& [key, value] : how.members) {
      if (key == "order") {
        direction = value.text;
      } else if (key != "unmapped_type" && key != "format" && key != "numeric_type") {
        return refuse_unsupported(key, "sort", value.at);
      }
    }
  } else {
    direction = how.text;
  }
  if (!direction.empty() && direction != "asc" && direction != "desc") {
    return refuse_elastic("'asc' or 'desc'", name, how);
  }
  ElasticSortKey key{{}, direction == "desc"};
  if (name == "_score") {
    key = {{}, direction != "asc", true};
    reading.search.with_score = true;
    reading.search.request.computed_sort.push_back({nullptr, key.descending});
  }
  if (name != "_doc" && name != "_shard_doc" && name != "_score") {
    const auto target = query::resolve_field(elastic_field_name(name), how.at);
    if (!target) return refuse(target.error());
    const auto* const field = std::get_if<FieldIndex>(&*target);
    if (field == nullptr) return refuse_unsupported(name, "sort", how.at);
    key.field = *field;
    reading.search.request.sort.push_back({*field, key.descending});
  }
  reading.search.sort.push_back(key);
  return {};
}

Checked<void> read_sort(const RelaxedJson& value, Reading& reading) {
  if (value.is_scalar())
    return add_sort_key(value.text, {Kind::word, value.at, {}, {}, {}}, reading);
  for (const auto& [name, how] : value.members) {
    if (auto added = add_sort_key(name, how, reading); !added) return added;
  }
  for (const RelaxedJson& item : value.items) {
    if (item.kind == Kind::array) return refuse_elastic("names and objects", "sort", item);
    if (auto added = read_sort(item, reading); !added) return added;
  }
  return {};
}

Checked<void> read_search_after(const RelaxedJson& value, Reading& reading) {
  if (value.kind != Kind::array) return refuse_elastic("an array", "search_after", value);
  reading.search_after = value.items;
  return {};
}

Checked<void> read_source(const RelaxedJson& value, Reading& reading) {
  if (!is_word(value, "true") && !is_word(value, "false")) {
    return refuse_elastic("true or false (for single fields, 'fields')", "_source", value);
  }
  reading.search.with_source = is_word(value, "true");
  return {};
}

Checked<void> add_hit_field(const std::string& name, std::string_view format, Span at,
                            Reading& reading) {
  const bool epoch = format == "epoch_millis";
  if (name == "*") {
    for (const Field& field : fields()) {
      if (field.name == "raw") continue;
      reading.search.fields.push_back({{std::string(field.name), index_of(field)}, epoch});
    }
    return {};
  }
  auto target = query::resolve_field(elastic_field_name(name), at);
  if (!target) return refuse(target.error());
  reading.search.fields.push_back({{name, std::move(*target)}, epoch});
  return {};
}

Checked<void> read_fields(const RelaxedJson& value, Reading& reading) {
  if (value.kind != Kind::array) return refuse_elastic("an array", "fields", value);
  for (const RelaxedJson& item : value.items) {
    const RelaxedJson* const name = item.is_scalar() ? &item : find_member(item, "field");
    const RelaxedJson* const format = item.is_scalar() ? nullptr : find_member(item, "format");
    if (name == nullptr) return refuse_elastic("names, or objects with 'field'", "fields", item);
    const auto added =
        add_hit_field(name->text, format == nullptr ? "" : format->text, item.at, reading);
    if (!added) return added;
  }
  return {};
}

Checked<void> read_aggregations(const RelaxedJson& value, Reading& reading) {
  auto read = read_elastic_aggregations(value, reading.options);
  if (!read) return tl::unexpected(read.error());
  reading.search.aggregations = std::move(*read);
  return {};
}

Checked<void> read_timeout(const RelaxedJson& value, Reading& reading) {
  if (value.is_scalar() && value.text == "-1") return {};
  const auto timeout = value.is_scalar() ? parse_duration(value.text) : std::nullopt;
  if (!timeout) return refuse_elastic("a duration such as 500ms or 30s", "timeout", value);
  reading.search.timeout = *timeout;
  return {};
}

Checked<void> read_partial(const RelaxedJson& value, Reading& reading) {
  if (value.text != "true" && value.text != "false") {
    return refuse_elastic("true or false", "allow_partial_search_results", value);
  }
  reading.allows_part = value.text == "true";
  return {};
}

Checked<void> read_track_scores(const RelaxedJson& value, Reading& reading) {
  reading.search.with_score = reading.search.with_score || is_word(value, "true");
  return {};
}

/// Members that change nothing here: counts are always exact.
Checked<void> ignore(const RelaxedJson&, Reading&) {
  return {};
}

Checked<void> ignore_if_empty(const RelaxedJson& value, Reading&) {
  if (value.members.empty() && value.items.empty() && !value.is_scalar()) return {};
  return refuse_unsupported("script_fields", "search", value.at);
}

constexpr std::array kMembers = {
    MemberRow{"query", read_query},
    MemberRow{"size", read_size},
    MemberRow{"from", read_from},
    MemberRow{"sort", read_sort},
    MemberRow{"search_after", read_search_after},
    MemberRow{"_source", read_source},
    MemberRow{"fields", read_fields},
    MemberRow{"docvalue_fields", read_fields},
    MemberRow{"aggs", read_aggregations},
    MemberRow{"aggregations", read_aggregations},
    MemberRow{"track_total_hits", ignore},
    MemberRow{"track_scores", read_track_scores},
    MemberRow{"timeout", read_timeout},
    MemberRow{"version", ignore},
    MemberRow{"seq_no_primary_term", ignore},
    MemberRow{"highlight", ignore},
    MemberRow{"stored_fields", ignore},
    MemberRow{"script_fields", ignore_if_empty},
    MemberRow{"runtime_mappings", ignore_if_empty},
};

/// Parameters of the URL that change nothing here.
bool is_ignored_parameter(std::string_view name) {
  constexpr std::array kIgnored = {"ignore_unavailable",
                                   "allow_no_indices",
                                   "expand_wildcards",
                                   "preference",
                                   "search_type",
                                   "max_concurrent_shard_requests",
                                   "max_concurrent_searches",
                                   "batched_reduce_size",
                                   "ccs_minimize_roundtrips",
                                   "pre_filter_shard_size",
                                   "ignore_throttled",
                                   "request_cache",
                                   "routing",
                                   "track_total_hits",
                                   "typed_keys",
                                   "pretty",
                                   "human",
                                   "error_trace"};
  return std::ranges::find(kIgnored, name) != kIgnored.end();
}

Checked<void> read_parameter(const Parameter& parameter, Reading& reading) {
  const RelaxedJson value{Kind::string, Span{0, parameter.value.size()}, parameter.value, {}, {}};
  const std::string& name = parameter.name;
  if (name == "size") return read_size(value, reading);
  if (name == "from") return read_from(value, reading);
  if (name == "timeout") return read_timeout(value, reading);
  if (name == "allow_partial_search_results") return read_partial(value, reading);
  if (name == "rest_total_hits_as_int") {
    reading.search.total_as_number = parameter.value != "false";
    return {};
  }
  if (name == "q") {
    RelaxedJson body{Kind::object, value.at, {}, {}, {}};
    body.members.push_back({"query", value});
    RelaxedJson clause{Kind::object, value.at, {}, {}, {}};
    clause.members.push_back({"query_string", std::move(body)});
    return read_query(clause, reading);
  }
  if (name == "sort") {
    const std::size_t colon = parameter.value.find(':');
    const std::string direction =
        colon == std::string::npos ? "" : parameter.value.substr(colon + 1);
    return add_sort_key(std::string_view(parameter.value).substr(0, colon),
                        {Kind::word, value.at, direction, {}, {}}, reading);
  }
  if (is_ignored_parameter(name)) return {};
  return refuse_unsupported(name, "the URL of a search", {});
}

/// What hits are scored by, where scores are asked for. Behind `_score` there may be no order but
/// the one that equal scores are in anyway.
Checked<void> set_score(Reading& reading) {
  query::SearchRequest& request = reading.search.request;
  if (!reading.search.with_score) return {};
  request.scored = query::Tree{query::Everything{}};
  if (reading.query) {
    ParseOptions options = reading.options;
    options.scored = true;
    auto tree = read_elastic_query(*reading.query, options);
    if (!tree) return tl::unexpected(std::move(tree.error()));
    request.scored = std::move(*tree);
  }
  if (request.computed_sort.empty()) return {};
  const bool first = reading.search.sort.front().score && request.computed_sort.size() == 1;
  if (!first || !query::deciding_keys(request.sort).empty()) {
    return refuse_unsupported("_score", "'sort' with others than '@timestamp' desc behind it", {});
  }
  request.sort.clear();
  return {};
}

/// The value of a sort key as positions have it.
Checked<std::optional<std::string>> position_value(const RelaxedJson& value, FieldIndex field,
                                                   const ParseOptions& options) {
  if (is_word(value, "null")) return std::nullopt;
  if (!value.is_scalar()) return refuse_elastic("texts and numbers", "search_after", value);
  if (field_at(field).type != FieldType::time) return value.text;
  const auto time = read_elastic_time(value, "epoch_millis", options);
  if (!time) return tl::unexpected(time.error());
  return format_time(*time);
}

Checked<std::string> score_position(const RelaxedJson& value) {
  const auto score = parse_number<double>(value.text);
  const bool read = value.is_scalar() && score && *score >= 0;
  if (!read) return refuse_elastic("the score of a hit", "search_after", value);
  return std::to_string(query::score_place(*score));
}

/// The place behind which hits are wanted. Where the values leave it open which of several hits
/// is meant, it is behind all of them, as Elasticsearch has it.
Checked<void> set_cursor(Reading& reading) {
  const auto& after = reading.search_after;
  query::SearchRequest& request = reading.search.request;
  if (after.empty()) return {};
  if (after.size() != reading.search.sort.size()) {
    return refuse_elastic("as many values as there are keys in 'sort'", "search_after",
                          after.front());
  }
  if (request.start != 0) return refuse_unsupported("from", "a search with search_after", {});
  query::Position position;
  position.time = std::chrono::sys_days(std::chrono::year(0) / 1 / 1);
  position.id = "\x7f";  // Behind every id of letters and digits.
  const auto keys = query::cursor_keys(request);
  position.values.resize(keys.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    const auto field = reading.search.sort[i].field;
    if (reading.search.sort[i].score) {
      auto score = score_position(after[i]);
      if (!score) return tl::unexpected(score.error());
      position.values.front() = std::move(*score);
      continue;
    }
    if (!field) {
      position.id = after[i].text;
      continue;
    }
    auto value = position_value(after[i], *field, reading.options);
    if (!value) return tl::unexpected(value.error());
    if (*field == event_time_field() && *value) {
      if (const auto time = parse_time(**value)) position.time = *time;
    }
    if (*field == event_id_field() && *value) position.id = **value;
    if (!request.computed_sort.empty()) continue;
    const auto key = std::ranges::find(keys, *field, &query::SortKey::field);
    if (key != keys.end()) position.values[static_cast<std::size_t>(key - keys.begin())] = *value;
  }
  request.cursor = query::encode_cursor(position, request.fingerprint, keys);
  return {};
}

}  // namespace

Checked<ElasticSearch> read_elastic_search(std::string_view body, const Parameters& parameters,
                                           Timestamp now) {
  Reading reading;
  reading.options.now = now;
  for (const Parameter& parameter : parameters.all()) {
    if (auto read = read_parameter(parameter, reading); !read) return tl::unexpected(read.error());
  }
  if (body.find_first_not_of(" \t\r\n") != std::string_view::npos) {
    const auto json = parse_relaxed_json(body, kMaxElasticBytes, kMaxElasticDepth);
    if (!json) return refuse(json.error());
    if (json->kind != Kind::object) return refuse_elastic("an object", "search", *json);
    for (const auto& [name, value] : json->members) {
      const auto* const row = std::ranges::find(kMembers, name, &MemberRow::name);
      if (row == kMembers.end()) return refuse_unsupported(name, "search", value.at);
      if (auto read = row->read(value, reading); !read) return tl::unexpected(read.error());
    }
  }
  if (auto set = set_score(reading); !set) return tl::unexpected(set.error());
  if (auto set = set_cursor(reading); !set) return tl::unexpected(set.error());
  reading.search.request.partial = reading.search.timeout && reading.allows_part;
  ElasticAggregator::ask(reading.search.aggregations, reading.search.request);
  return std::move(reading.search);
}

}  // namespace trailsift::server
