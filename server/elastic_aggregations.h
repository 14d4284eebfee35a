#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "query/parse.h"
#include "query/search.h"
#include "query/time_zone.h"
#include "query/tree.h"
#include "server/json_out.h"
#include "server/refusal.h"
#include "server/relaxed_json.h"

namespace trailsift::server {

/// Of one request, all levels together; Elasticsearch has such a limit too.
constexpr std::size_t kMaxElasticBuckets = 10'000;

/// One aggregation of a request, understood, with those inside its buckets.
struct ElasticAggregation {
  enum class Kind : std::uint8_t {
    terms,
    date_histogram,
    cardinality,
    value_count,
    missing,
    min,
    max,
    sum,
    avg,
    stats,
    filter,
    filters,
  };
  std::string name;
  Kind kind = Kind::terms;
  FieldIndex field;              ///< Of all but filter and filters.
  std::uint64_t least_docs = 1;  ///< Buckets with fewer hits are left out.

  /// Of terms. `reversed`: by value, descending.
  query::FacetRequest::Order order = query::FacetRequest::Order::by_count;
  bool reversed = false;
  std::uint32_t size = 10;
  std::optional<std::string> missing_key;  ///< A bucket for hits without a value.

  /// Of a date_histogram: a width, or calendar units in a zone.
  std::optional<std::chrono::milliseconds> width;
  query::TimeUnit unit = query::TimeUnit::day;
  query::TimeZone zone = {};
  std::optional<Timestamp> bounds_from, bounds_to;  ///< Buckets without hits reach so far.
  bool epoch_keys = false;                          ///< `key_as_string` is milliseconds.

  std::vector<std::pair<std::string, query::Tree>> filters;  ///< Exactly one of filter.
  std::vector<ElasticAggregation> parts;
};

/// Reads the member `aggs`. What is not supported is refused by its name.
Checked<std::vector<ElasticAggregation>> read_elastic_aggregations(
    const RelaxedJson& aggregations, const query::ParseOptions& options);

/// The names of all kinds.
std::vector<std::string_view> elastic_aggregations();

/// Counts over the hits of a search. Inside a bucket it is that of the whole with one condition
/// more, so that every count is exact.
class ElasticAggregator {
 public:
  using Aggregations = std::vector<ElasticAggregation>;

  /// Borrows both; the request is that of the page.
  ElasticAggregator(const store::Snapshot& snapshot, const query::SearchRequest& request)
      : snapshot_(snapshot), search_(request) {}

  /// Has the search for the page count what the outermost aggregations tell, so that the hits are
  /// found once.
  static void ask(const Aggregations& aggregations, query::SearchRequest& request);

  /// Writes the members of the answer's `aggregations`; `result` is that of the request. Of a part
  /// only what was counted with it: what needs another search is refused as too_large.
  Checked<void> write(JsonOut& out, const Aggregations& aggregations,
                      const query::SearchResult& result);

 private:
  struct Level;
  struct Term {
    std::string value;
    std::uint64_t count = 0;
    bool with = false;     ///< Of hits that have the value.
    bool without = false;  ///< Of hits that have none.
  };
  struct TimeBucket {
    Timestamp begin, end;
    std::uint64_t count = 0;
  };
  using TimeCounts = std::map<Timestamp, std::uint64_t>;

  Checked<query::SearchResult> count(const Aggregations& aggregations,
                                     const query::Tree& query) const;
  Checked<void> write_level(JsonOut& out, const Aggregations& aggregations,
                            const query::SearchResult& result, const query::Tree& query);
  Checked<void> write_parts(JsonOut& out, const ElasticAggregation& one, const query::Tree& query,
                            query::Tree condition);
  Checked<void> write_one(JsonOut& out, const ElasticAggregation& one, const Level& level,
                          const query::Tree& query);
  static Checked<std::vector<Term>> terms_of(const ElasticAggregation& one,
                                             const query::FacetResult& facet);
  Checked<void> write_terms(JsonOut& out, const ElasticAggregation& one, const Level& level,
                            const query::Tree& query);
  Checked<void> write_times(JsonOut& out, const ElasticAggregation& one, const Level& level,
                            const query::Tree& query);
  Checked<void> write_filters(JsonOut& out, const ElasticAggregation& one,
                              const query::Tree& query);
  Checked<void> write_bucket(JsonOut& out, const ElasticAggregation& one, std::uint64_t count,
                             const query::Tree& query, query::Tree condition);
  Checked<TimeCounts> count_by_width(const ElasticAggregation& one, const Level& level,
                                     const query::Tree& query) const;
  Checked<TimeCounts> count_by_calendar(const ElasticAggregation& one, const Level& level,
                                        const query::Tree& query) const;
  Checked<std::vector<TimeBucket>> time_buckets(const ElasticAggregation& one, const Level& level,
                                                const query::Tree& query) const;
  Checked<query::SearchResult> run(query::SearchRequest request) const;
  query::SearchRequest request_for(const query::Tree& query) const;

  const store::Snapshot& snapshot_;
  const query::SearchRequest& search_;
  std::size_t buckets_ = 0;
  bool of_part_ = false;  ///< Of what was searched, not of everything.
};

}  // namespace trailsift::server
