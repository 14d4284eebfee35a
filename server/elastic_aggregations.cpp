#include "server/elastic_aggregations.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <utility>

namespace trailsift::server {
namespace {

using query::Tree;
using Kind = ElasticAggregation::Kind;
using std::chrono::milliseconds;

Tree both(const Tree& query, Tree condition) {
  std::vector<Tree> children;
  children.push_back(query::clone(query));
  children.push_back(std::move(condition));
  return Tree{query::AllOf{std::move(children)}};
}

bool has_facet(Kind kind) {
  return kind == Kind::terms || kind == Kind::cardinality || kind == Kind::value_count ||
         kind == Kind::missing;
}

bool has_stats(const ElasticAggregation& one) {
  return one.kind == Kind::min || one.kind == Kind::max || one.kind == Kind::sum ||
         one.kind == Kind::avg || one.kind == Kind::stats ||
         (one.kind == Kind::date_histogram && !one.width);
}

query::FacetRequest facet_of(const ElasticAggregation& one) {
  query::FacetRequest request;
  request.field = one.field;
  request.order = one.order;
  request.size = one.kind == Kind::terms ? one.size : 1;
  // What is left out is counted for fields of several values, and the end of an order by value is
  // only found by going through it.
  const bool to_the_end = one.kind == Kind::terms && (one.reversed || one.missing_key.has_value() ||
                                                      field_at(one.field).multi);
  if (to_the_end || (one.kind == Kind::value_count && field_at(one.field).multi)) {
    request.size = query::kMaxFacetValues;
  }
  return request;
}

std::uint64_t sum_of(const query::FacetResult& facet) {
  std::uint64_t sum = 0;
  for (const auto& bucket : facet.buckets) sum += bucket.count;
  return sum;
}

tl::unexpected<Refusal> too_many_buckets() {
  return refuse(ErrorCode::too_large, "expected at most " + std::to_string(kMaxElasticBuckets) +
                                          " buckets in one answer, got more");
}

milliseconds::rep number_of(Timestamp time) {
  return time.time_since_epoch().count();
}

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
  out.raw(time ? std::to_string(number_of(*time)) : "null");
  out.member(std::string(name) + "_as_string", *value);
}

void write_average(JsonOut& out, std::string_view name, const query::NumberStats& stats) {
  if (stats.count == 0) return write_null(out, name);
  out.key(name);
  out.real(stats.sum / static_cast<double>(stats.count));
}

void write_numbers(JsonOut& out, Kind kind, const query::NumberStats& stats) {
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

/// A term as its field's type has it in JSON, or as text.
void write_key(JsonOut& out, FieldIndex field, const std::string& value, bool is_typed) {
  const FieldType type = is_typed ? field_at(field).type : FieldType::keyword;
  out.key("key");
  if (type == FieldType::integer) return out.raw(value);
  if (type != FieldType::boolean) return out.string(value);
  out.number(value == "true" ? 1 : 0);
  out.member("key_as_string", value);
}

Tree has_some_value(FieldIndex field) {
  return Tree{query::Between{field, std::nullopt, std::nullopt}};
}

Tree without(Tree tree) {
  return Tree{query::Not{std::make_unique<Tree>(std::move(tree))}};
}

}  // namespace

/// What one search tells for all aggregations of a level.
struct ElasticAggregator::Level {
  query::SearchResult result;
  std::map<const ElasticAggregation*, std::size_t> facets;  ///< Place in result.facets.
  std::map<const ElasticAggregation*, std::size_t> stats;   ///< Place in result.stats.

  const query::FacetResult& facet(const ElasticAggregation& one) const {
    return result.facets[facets.at(&one)];
  }
  const query::NumberStats& numbers(const ElasticAggregation& one) const {
    return result.stats[stats.at(&one)];
  }
};

query::SearchRequest ElasticAggregator::request_for(const Tree& query) const {
  query::SearchRequest request;
  request.query = query::clone(query);
  request.time = search_.time;
  request.size = 0;
  request.help = search_.help;
  request.deadline = search_.deadline;
  request.stop = search_.stop;
  request.gate = search_.gate;
  return request;
}

Checked<query::SearchResult> ElasticAggregator::run(query::SearchRequest request) const {
  auto result = query::search(snapshot_, request);
  if (!result) return refuse(std::move(result.error()));
  return std::move(*result);
}

Checked<ElasticAggregator::Level> ElasticAggregator::count_level(const Aggregations& aggregations,
                                                                 const Tree& query) const {
  Level level;
  query::SearchRequest request = request_for(query);
  for (const ElasticAggregation& one : aggregations) {
    if (has_facet(one.kind)) {
      level.facets.emplace(&one, request.facets.size());
      request.facets.push_back(facet_of(one));
    }
    if (has_stats(one)) {
      level.stats.emplace(&one, request.stats.size());
      request.stats.push_back(one.field);
    }
  }
  auto result = run(std::move(request));
  if (!result) return tl::unexpected(std::move(result.error()));
  level.result = std::move(*result);
  return level;
}

Checked<void> ElasticAggregator::write(JsonOut& out, const Aggregations& aggregations) {
  return write_level(out, aggregations, search_.query);
}

Checked<void> ElasticAggregator::write_level(JsonOut& out, const Aggregations& aggregations,
                                             const Tree& query) {
  if (aggregations.empty()) return {};
  const auto level = count_level(aggregations, query);
  if (!level) return tl::unexpected(level.error());
  for (const ElasticAggregation& one : aggregations) {
    out.key(one.name);
    out.begin_object();
    if (auto written = write_one(out, one, *level, query); !written) return written;
    out.end_object();
  }
  return {};
}

Checked<void> ElasticAggregator::write_one(JsonOut& out, const ElasticAggregation& one,
                                           const Level& level, const Tree& query) {
  switch (one.kind) {
    case Kind::terms: return write_terms(out, one, level, query);
    case Kind::date_histogram: return write_times(out, one, level, query);
    case Kind::filter:
    case Kind::filters: return write_filters(out, one, query);
    case Kind::cardinality: out.member("value", level.facet(one).distinct); return {};
    case Kind::value_count: {
      const auto& facet = level.facet(one);
      if (field_at(one.field).multi && facet.distinct > facet.buckets.size()) {
        return refuse(ErrorCode::too_large,
                      "expected at most " + std::to_string(query::kMaxFacetValues) +
                          " different values for 'value_count' of a field with several, got " +
                          std::to_string(facet.distinct));
      }
      out.member("value",
                 field_at(one.field).multi ? sum_of(facet) : level.result.found - facet.missing);
      return {};
    }
    case Kind::missing: {
      out.member("doc_count", level.facet(one).missing);
      return write_level(out, one.parts, both(query, without(has_some_value(one.field))));
    }
    case Kind::min:
    case Kind::max:
    case Kind::sum:
    case Kind::avg:
    case Kind::stats: write_numbers(out, one.kind, level.numbers(one)); return {};
  }
  return {};
}

/// The inside of a bucket behind its key; the caller opened it.
Checked<void> ElasticAggregator::write_bucket(JsonOut& out, const ElasticAggregation& one,
                                              std::uint64_t count, const Tree& query,
                                              Tree condition) {
  if (++buckets_ > kMaxElasticBuckets) return too_many_buckets();
  out.member("doc_count", count);
  if (!one.parts.empty()) {
    const auto written = write_level(out, one.parts, both(query, std::move(condition)));
    if (!written) return written;
  }
  out.end_object();
  return {};
}

/// The values to tell, in their order, with the hits that have none under their key.
Checked<std::vector<ElasticAggregator::Term>> ElasticAggregator::terms_of(
    const ElasticAggregation& one, const query::FacetResult& facet) {
  std::vector<Term> terms;
  for (const auto& [value, count] : facet.buckets) terms.push_back({value, count, true, false});
  if ((one.reversed || one.missing_key) && facet.distinct > terms.size()) return too_many_buckets();
  if (one.missing_key && facet.missing > 0) {
    auto known = std::ranges::find(terms, *one.missing_key, &Term::value);
    if (known == terms.end()) known = terms.insert(known, {*one.missing_key, 0, false, true});
    known->count += facet.missing;
    known->without = true;
    std::stable_sort(terms.begin(), terms.end(), [&](const Term& a, const Term& b) {
      if (one.order == query::FacetRequest::Order::by_value || a.count == b.count) {
        return a.value < b.value;
      }
      return (one.order == query::FacetRequest::Order::by_count) == (a.count > b.count);
    });
  }
  if (one.reversed) std::ranges::reverse(terms);
  std::erase_if(terms, [&](const Term& term) { return term.count < one.least_docs; });
  if (terms.size() > one.size) terms.resize(one.size);
  return terms;
}

Checked<void> ElasticAggregator::write_terms(JsonOut& out, const ElasticAggregation& one,
                                             const Level& level, const Tree& query) {
  const query::FacetResult& facet = level.facet(one);
  const auto terms = terms_of(one, facet);
  if (!terms) return tl::unexpected(terms.error());
  std::uint64_t all =
      field_at(one.field).multi ? sum_of(facet) : level.result.found - facet.missing;
  if (one.missing_key) all += facet.missing;
  std::uint64_t told = 0;
  for (const Term& term : *terms) told += term.count;
  out.member("doc_count_error_upper_bound", std::uint64_t{0});
  out.member("sum_other_doc_count", all - told);
  out.key("buckets");
  out.begin_array();
  for (const Term& term : *terms) {
    std::vector<Tree> any;
    if (term.with) any.push_back(Tree{query::Equals{one.field, term.value}});
    if (term.without) any.push_back(without(has_some_value(one.field)));
    out.begin_object();
    write_key(out, one.field, term.value, term.with);
    const auto written =
        write_bucket(out, one, term.count, query, Tree{query::AnyOf{std::move(any)}});
    if (!written) return written;
  }
  out.end_array();
  return {};
}

Checked<std::vector<ElasticAggregator::TimeBucket>> ElasticAggregator::time_buckets(
    const ElasticAggregation& one, const Level& level, const Tree& query) const {
  const auto next = [&](Timestamp begin) {
    return one.width ? begin + *one.width : one.zone.plus(begin, 1, one.unit);
  };
  const auto floor = [&](Timestamp time) {
    if (!one.width) return one.zone.floor(time, one.unit);
    const auto width = one.width->count();
    const auto index = time.time_since_epoch().count();
    return Timestamp(milliseconds((index - ((index % width) + width) % width)));
  };
  std::map<Timestamp, std::uint64_t> counts;
  query::SearchRequest request = request_for(query);
  if (one.width) {
    request.histogram = query::HistogramRequest{one.width};
  } else if (const auto& times = level.numbers(one); times.min && times.max) {
    query::FacetRequest facet;
    facet.field = one.field;
    const auto oldest = parse_time(*times.min);
    const auto newest = parse_time(*times.max);
    if (!oldest || !newest) return refuse(ErrorCode::internal, "cannot read the time of an event");
    for (Timestamp begin = floor(*oldest); begin <= *newest; begin = next(begin)) {
      if (facet.buckets.size() == kMaxElasticBuckets) return too_many_buckets();
      facet.buckets.push_back({std::to_string(number_of(begin)), std::nullopt,
                               query::Between::Bound{format_time(begin), true},
                               query::Between::Bound{format_time(next(begin)), false}});
    }
    request.facets.push_back(std::move(facet));
  }
  auto result = run(std::move(request));
  if (!result) return tl::unexpected(std::move(result.error()));
  if (result->histogram) {
    for (const auto& bucket : result->histogram->buckets) counts[bucket.begin] = bucket.count;
  } else if (!result->facets.empty()) {
    for (const auto& bucket : result->facets.front().buckets) {
      counts[Timestamp(milliseconds(std::stoll(bucket.value)))] = bucket.count;
    }
  }
  if (one.bounds_from) counts.try_emplace(floor(*one.bounds_from), 0);
  if (one.bounds_to) counts.try_emplace(floor(*one.bounds_to), 0);

  std::vector<TimeBucket> buckets;
  if (counts.empty()) return buckets;
  const Timestamp last = counts.rbegin()->first;
  for (Timestamp begin = counts.begin()->first; begin <= last; begin = next(begin)) {
    if (buckets.size() == kMaxElasticBuckets) return too_many_buckets();
    const auto found = counts.find(begin);
    const std::uint64_t count = found == counts.end() ? 0 : found->second;
    if (count >= one.least_docs) buckets.push_back({begin, next(begin), count});
  }
  return buckets;
}

Checked<void> ElasticAggregator::write_times(JsonOut& out, const ElasticAggregation& one,
                                             const Level& level, const Tree& query) {
  const auto buckets = time_buckets(one, level, query);
  if (!buckets) return tl::unexpected(buckets.error());
  out.key("buckets");
  out.begin_array();
  for (const TimeBucket& bucket : *buckets) {
    const std::string number = std::to_string(number_of(bucket.begin));
    out.begin_object();
    out.member("key_as_string", one.epoch_keys ? number : format_time(bucket.begin));
    out.key("key");
    out.raw(number);
    const auto written =
        write_bucket(out, one, bucket.count, query, Tree{query::InTime{bucket.begin, bucket.end}});
    if (!written) return written;
  }
  out.end_array();
  return {};
}

Checked<void> ElasticAggregator::write_filters(JsonOut& out, const ElasticAggregation& one,
                                               const Tree& query) {
  const bool named = one.kind == Kind::filters;
  if (named) {
    out.key("buckets");
    out.begin_object();
  }
  for (const auto& [name, filter] : one.filters) {
    auto counted = run(request_for(both(query, query::clone(filter))));
    if (!counted) return tl::unexpected(std::move(counted.error()));
    if (++buckets_ > kMaxElasticBuckets) return too_many_buckets();
    if (named) {
      out.key(name);
      out.begin_object();
    }
    out.member("doc_count", counted->found);
    const auto written = write_level(out, one.parts, both(query, query::clone(filter)));
    if (!written) return written;
    if (named) out.end_object();
  }
  if (named) out.end_object();
  return {};
}

}  // namespace trailsift::server
