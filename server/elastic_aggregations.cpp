#include "server/elastic_aggregations.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "server/elastic_figures.h"
#include "server/query_limits.h"

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

bool has_histogram(const ElasticAggregation& one) {
  return one.kind == Kind::date_histogram && one.width;
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

/// Where the bucket of a date_histogram behind the one that begins here begins.
Timestamp next_of(const ElasticAggregation& one, Timestamp begin) {
  return one.width ? begin + *one.width : one.zone.plus(begin, 1, one.unit);
}

Timestamp floor_of(const ElasticAggregation& one, Timestamp time) {
  if (!one.width) return one.zone.floor(time, one.unit);
  const auto width = one.width->count();
  const auto number = number_of(time);
  return Timestamp(milliseconds(number - ((number % width) + width) % width));
}

Tree has_some_value(FieldIndex field) {
  return Tree{query::Between{field, std::nullopt, std::nullopt}};
}

Tree without(Tree tree) {
  return Tree{query::Not{std::make_unique<Tree>(std::move(tree))}};
}

}  // namespace

/// What one search tells for all aggregations of a level: each in the order of ask().
struct ElasticAggregator::Level {
  Level(const Aggregations& aggregations, const query::SearchResult& counted) : result(counted) {
    for (const ElasticAggregation& one : aggregations) {
      if (has_facet(one.kind)) facets.emplace(&one, facets.size());
      if (has_stats(one)) stats.emplace(&one, stats.size());
      if (histogram == nullptr && has_histogram(one)) histogram = &one;
    }
  }

  const query::FacetResult& facet(const ElasticAggregation& one) const {
    return result.facets[facets.at(&one)];
  }
  const query::NumberStats& numbers(const ElasticAggregation& one) const {
    return result.stats[stats.at(&one)];
  }

  const query::SearchResult& result;
  std::map<const ElasticAggregation*, std::size_t> facets;  ///< Place in result.facets.
  std::map<const ElasticAggregation*, std::size_t> stats;   ///< Place in result.stats.
  const ElasticAggregation* histogram = nullptr;            ///< That of result.histogram.
};

void ElasticAggregator::ask(const Aggregations& aggregations, query::SearchRequest& request) {
  for (const ElasticAggregation& one : aggregations) {
    if (has_facet(one.kind)) request.facets.push_back(facet_of(one));
    if (has_stats(one)) request.stats.push_back(one.field);
    if (!request.histogram && has_histogram(one)) {
      request.histogram = query::HistogramRequest{one.width};
    }
  }
}

query::SearchRequest ElasticAggregator::request_for(const Tree& query) const {
  query::SearchRequest request;
  request.query = query::clone(query);
  request.time = search_.time;
  request.size = 0;
  request.help = search_.help;
  request.limits = search_.limits;
  return request;
}

Checked<query::SearchResult> ElasticAggregator::run(query::SearchRequest request) const {
  if (of_part_) return refuse(only_of_all("aggregations that need searches of their own"));
  auto result = query::search(snapshot_, request);
  if (!result) return refuse(std::move(result.error()));
  return std::move(*result);
}

Checked<query::SearchResult> ElasticAggregator::count(const Aggregations& aggregations,
                                                      const Tree& query) const {
  query::SearchRequest request = request_for(query);
  ask(aggregations, request);
  return run(std::move(request));
}

Checked<void> ElasticAggregator::write(JsonOut& out, const Aggregations& aggregations,
                                       const query::SearchResult& result) {
  of_part_ = result.partial.has_value();
  return write_level(out, aggregations, result, search_.query);
}

Checked<void> ElasticAggregator::write_level(JsonOut& out, const Aggregations& aggregations,
                                             const query::SearchResult& result, const Tree& query) {
  const Level level(aggregations, result);
  for (const ElasticAggregation& one : aggregations) {
    out.key(one.name);
    out.begin_object();
    if (auto written = write_one(out, one, level, query); !written) return written;
    out.end_object();
  }
  return {};
}

Checked<void> ElasticAggregator::write_parts(JsonOut& out, const ElasticAggregation& one,
                                             const Tree& query, Tree condition) {
  if (one.parts.empty()) return {};
  const Tree within = both(query, std::move(condition));
  const auto result = count(one.parts, within);
  if (!result) return tl::unexpected(result.error());
  return write_level(out, one.parts, *result, within);
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
      return write_parts(out, one, query, without(has_some_value(one.field)));
    }
    case Kind::min:
    case Kind::max:
    case Kind::sum:
    case Kind::avg:
    case Kind::stats: write_figures(out, one.kind, level.numbers(one)); return {};
  }
  return {};
}

/// The inside of a bucket behind its key; the caller opened it.
Checked<void> ElasticAggregator::write_bucket(JsonOut& out, const ElasticAggregation& one,
                                              std::uint64_t count, const Tree& query,
                                              Tree condition) {
  if (++buckets_ > kMaxElasticBuckets) return too_many_buckets();
  out.member("doc_count", count);
  const auto written = write_parts(out, one, query, std::move(condition));
  if (!written) return written;
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
    write_bucket_key(out, one.field, term.value, term.with);
    const auto written =
        write_bucket(out, one, term.count, query, Tree{query::AnyOf{std::move(any)}});
    if (!written) return written;
  }
  out.end_array();
  return {};
}

Checked<ElasticAggregator::TimeCounts> ElasticAggregator::count_by_width(
    const ElasticAggregation& one, const Level& level, const Tree& query) const {
  query::SearchResult own;
  if (level.histogram != &one) {
    query::SearchRequest request = request_for(query);
    request.histogram = query::HistogramRequest{one.width};
    auto result = run(std::move(request));
    if (!result) return tl::unexpected(std::move(result.error()));
    own = std::move(*result);
  }
  const auto& histogram = level.histogram == &one ? level.result.histogram : own.histogram;
  TimeCounts counts;
  for (const auto& bucket : histogram->buckets) counts[bucket.begin] = bucket.count;
  return counts;
}

Checked<ElasticAggregator::TimeCounts> ElasticAggregator::count_by_calendar(
    const ElasticAggregation& one, const Level& level, const Tree& query) const {
  TimeCounts counts;
  const query::NumberStats& times = level.numbers(one);
  if (!times.min || !times.max) return counts;
  const auto oldest = parse_time(*times.min);
  const auto newest = parse_time(*times.max);
  if (!oldest || !newest) return refuse(ErrorCode::internal, "cannot read the time of an event");
  query::FacetRequest facet;
  facet.field = one.field;
  std::vector<Timestamp> begins;
  for (Timestamp begin = floor_of(one, *oldest); begin <= *newest; begin = next_of(one, begin)) {
    if (begins.size() == kMaxElasticBuckets) return too_many_buckets();
    begins.push_back(begin);
    facet.buckets.push_back({{},
                             std::nullopt,
                             query::Between::Bound{format_time(begin), true},
                             query::Between::Bound{format_time(next_of(one, begin)), false}});
  }
  query::SearchRequest request = request_for(query);
  request.facets.push_back(std::move(facet));
  const auto result = run(std::move(request));
  if (!result) return tl::unexpected(result.error());
  const auto& buckets = result->facets.front().buckets;
  for (std::size_t i = 0; i < begins.size(); ++i) counts[begins[i]] = buckets[i].count;
  return counts;
}

Checked<std::vector<ElasticAggregator::TimeBucket>> ElasticAggregator::time_buckets(
    const ElasticAggregation& one, const Level& level, const Tree& query) const {
  auto counts =
      one.width ? count_by_width(one, level, query) : count_by_calendar(one, level, query);
  if (!counts) return tl::unexpected(std::move(counts.error()));
  std::vector<TimeBucket> buckets;
  if (one.least_docs > 0) {  // Then bounds add nothing, however far away they are.
    for (const auto& [begin, count] : *counts) {
      if (count >= one.least_docs) buckets.push_back({begin, next_of(one, begin), count});
    }
    return buckets;
  }
  if (one.bounds_from) counts->try_emplace(floor_of(one, *one.bounds_from), 0);
  if (one.bounds_to) counts->try_emplace(floor_of(one, *one.bounds_to), 0);
  if (counts->empty()) return buckets;
  const Timestamp last = counts->rbegin()->first;
  for (Timestamp begin = counts->begin()->first; begin <= last; begin = next_of(one, begin)) {
    if (buckets.size() == kMaxElasticBuckets) return too_many_buckets();
    const auto found = counts->find(begin);
    buckets.push_back({begin, next_of(one, begin), found == counts->end() ? 0 : found->second});
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
    const Tree within = both(query, query::clone(filter));
    const auto counted = count(one.parts, within);
    if (!counted) return tl::unexpected(counted.error());
    if (++buckets_ > kMaxElasticBuckets) return too_many_buckets();
    if (named) {
      out.key(name);
      out.begin_object();
    }
    out.member("doc_count", counted->found);
    const auto written = write_level(out, one.parts, *counted, within);
    if (!written) return written;
    if (named) out.end_object();
  }
  if (named) out.end_object();
  return {};
}

}  // namespace trailsift::server
