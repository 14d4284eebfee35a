// Thousands of random searches over random events must give what a look at each event gives.
//
// TRAILSIFT_SEED repeats a failed run, TRAILSIFT_QUERIES sets the number of queries.

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "query/joined_segment.h"
#include "query/parse.h"
#include "query/search.h"
#include "query/word_parsers.h"
#include "tests/query/brute_force.h"
#include "tests/query/random_tree.h"
#include "tests/query/test_store.h"
#include "tests/support/random_events.h"
#include "tests/support/random_kql.h"
#include "tests/support/random_query.h"
#include "tests/support/random_seed.h"
#include "tests/support/random_words.h"

namespace trailsift::query {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kDefaultQueries = 400;
#else
constexpr std::size_t kDefaultQueries = 2400;
#endif

/// Each has a store and a share of the queries of its own.
constexpr int kRounds = 12;

std::size_t queries_per_round() {
  const char* set = std::getenv("TRAILSIFT_QUERIES");
  return (set == nullptr ? kDefaultQueries : std::stoul(set)) / kRounds + 1;
}

/// One store of several segments, partly merged, with what it must answer.
class Oracle : public ::testing::TestWithParam<int> {
 protected:
  Oracle()
      : random_(test::random_seed() + static_cast<std::uint64_t>(GetParam())),
        records_(random_()),
        truth_(filled_store()),
        queries_(random_(), truth_.events()),
        everyday_(random_(), truth_.events()),
        words_(random_(), truth_.events()),
        trees_(random_(), truth_.events()) {
    join_anew();
  }

  /// Segments that overlap in time and some that do not; events delivered twice; merges between.
  std::vector<Event> filled_store() {
    std::vector<Event> all;
    const std::size_t commits = 1 + below(9);
    for (std::size_t commit = 0; commit < commits; ++commit) {
      if (chance(50)) records_.set_times(1627516800 + static_cast<int>(below(7)) * 86400, 900);
      std::vector<Event> events;
      for (std::size_t count = 1 + below(chance(80) ? 60 : 200); count > 0; --count) {
        events.push_back(records_.event());
        if (chance(80))
          add_value(events.back(), log_file_field(), "log-" + std::to_string(below(5)));
      }
      all.insert(all.end(), events.begin(), events.end());
      for (std::size_t again = below(3); again > 0; --again)
        events.push_back(all[below(all.size())]);
      store_.commit(events);
      if (chance(30)) store_.merge_all();
    }
    return all;
  }

  /// Other tables than before, or the same one for a field.
  void join_anew() {
    Joins joins = joins_;
    if (chance(70)) joins = joins.with(field_index("account_name"), random_names());
    if (chance(70)) joins = joins.with(field_index("integrity"), random_verdicts());
    joins_ = joins;
    truth_.join(joins_);
    snapshot_ = join(*store_.snapshot(), joins_, snapshot_.get());
  }

  std::shared_ptr<const JoinTable> random_names() {
    constexpr std::array kNames = {"Production",      "production", "Log archive",
                                   "alice's sandbox", "Zo\xC3\xAB", "s3"};
    JoinTable::Builder names;
    for (const char* account : {"000011112222", "111122223333", "444455556666", "777788889999"}) {
      if (chance(70)) names.add(account, kNames.at(below(kNames.size())));
    }
    return std::make_shared<const JoinTable>(names.build());
  }

  std::shared_ptr<const JoinTable> random_verdicts() {
    constexpr std::array kVerdicts = {"verified", "unverified", "missing", "tampered"};
    JoinTable::Builder verdicts;
    for (int file = 9; file >= 0; --file) {
      if (chance(60)) {
        verdicts.add("log-" + std::to_string(file), kVerdicts.at(below(kVerdicts.size())));
      }
    }
    return std::make_shared<const JoinTable>(verdicts.build());
  }

  SearchRequest random_request(std::string& text) {
    SearchRequest request;
    if (chance(30)) {
      text = queries_.next();
      request.query = parsed(text);
    } else if (chance(35)) {
      request.query = random_words(text);
    } else if (chance(50)) {
      text = everyday_.next();
      auto tree = parse_kql(text);
      EXPECT_TRUE(tree) << render(tree.error(), text);
      request.query = std::move(*tree);
    } else {
      request.query = trees_.next();
      text = to_string(request.query);
    }
    request.fingerprint = text;
    if (chance(20)) request.time.from = any_event().time;
    if (chance(20)) request.time.to = any_event().time;
    if (chance(60)) request.sort = random_sort();
    if (chance(15)) set_computed_sort(request, text);
    request.start = static_cast<std::uint32_t>(chance(70) ? 0 : below(30));
    request.size = static_cast<std::uint32_t>(chance(10) ? 1000 : below(20));
    request.parts = static_cast<HitParts>(below(3));
    if (chance(50)) request.help = {&pool_, below(100)};
    for (std::size_t facets = below(4); facets > 0; --facets) {
      request.facets.push_back(random_facet());
    }
    if (chance(50)) request.histogram = random_histogram();
    if (chance(30)) request.stats = {event_time_field(), field_index("bytes_in")};
    return request;
  }

  /// An order by one or two expressions, of which some have many ties.
  void set_computed_sort(SearchRequest& request, std::string& text) {
    constexpr std::array<const char*, 6> kTexts = {
        "bytes_in",   "bytes_in % 3 + 1",         "(_time - event_time) / 3600000",
        "_rand7 & 7", "1000 - bytes_in * 2 >> 1", "event_time < _time ? 1 : 0"};
    request.sort.clear();
    std::vector<NamedExpression> sources;
    for (std::size_t count = 1 + below(2); count > 0; --count) {
      sources.push_back({"e", kTexts.at(below(kTexts.size()))});
      text += " by " + sources.back().text;
    }
    auto compiled = compile_expressions(sources, at("2021-07-30T00:00:00Z"));
    ASSERT_TRUE(compiled) << compiled.error().message;
    for (Expression& expression : *compiled) {
      request.computed_sort.push_back(
          {std::make_shared<const Expression>(std::move(expression)), chance(50)});
    }
    request.fingerprint = text;
  }

  /// A query of words and signs, which means the same printed in another such language.
  Tree random_words(std::string& text) {
    ParseOptions options;
    options.any_word = chance(20);
    if (chance(30)) options.word_percentage = static_cast<std::uint32_t>(below(101));
    const std::size_t language = below(3);
    text = language == 0 ? words_.simple() : language == 1 ? words_.lucene() : words_.dismax();
    const auto node = language == 0   ? parse_simple_syntax(text, options)
                      : language == 1 ? parse_lucene_syntax(text, options)
                                      : parse_dismax_syntax(text, options);
    EXPECT_TRUE(node) << text << ": " << node.error().message;
    if (!node || !*node) return Tree{Nothing{}};
    auto tree = parse_lucene(to_lucene(**node), options);
    EXPECT_TRUE(tree) << text << " as " << to_lucene(**node) << ": " << tree.error().message;
    const auto itself = language == 0   ? parse_simple(text, options)
                        : language == 1 ? parse_lucene(text, options)
                                        : parse_dismax(text, options);
    EXPECT_TRUE(itself) << text << ": " << itself.error().message;
    if (!tree || !itself) return Tree{Nothing{}};
    EXPECT_EQ(to_string(*tree), to_string(*itself)) << text << " as " << to_lucene(**node);
    return std::move(*tree);
  }

  std::vector<SortKey> random_sort() {
    std::vector<SortKey> keys;
    for (std::size_t count = 1 + below(3); count > 0; --count) {
      const FieldIndex field = random_column();
      if (!field_at(field).multi) keys.push_back({field, chance(50)});
    }
    return keys;
  }

  /// Mostly a field that some event has.
  FieldIndex random_column() {
    while (true) {
      const Event& event = any_event();
      const auto field = chance(80) ? event.values[below(event.values.size())].field
                                    : static_cast<FieldIndex>(below(fields().size()));
      if (field_at(field).column) return field;
    }
  }

  FacetRequest random_facet() {
    FacetRequest facet;
    facet.field = random_column();
    facet.order = static_cast<FacetRequest::Order>(below(3));
    facet.size = static_cast<std::uint32_t>(below(15));
    if (const auto value = value_of(any_event(), facet.field); value && chance(30)) {
      facet.containing = value->substr(below(value->size()), 1 + below(3));
      if (chance(50)) std::ranges::transform(facet.containing, facet.containing.begin(), toupper);
    }
    if (facet.field != event_time_field() && chance(60)) return facet;
    for (std::size_t count = 1 + below(4); count > 0; --count) {
      FacetBucket bucket;
      bucket.label = "bucket " + std::to_string(count);
      const auto value = value_of(any_event(), facet.field);
      const auto other = value_of(any_event(), facet.field);
      if (value && chance(40)) {
        bucket.value = *value;
      } else {
        if (value && chance(80)) bucket.low = Between::Bound{std::string(*value), chance(50)};
        if (other && chance(80)) bucket.high = Between::Bound{std::string(*other), chance(50)};
      }
      facet.buckets.push_back(std::move(bucket));
    }
    return facet;
  }

  HistogramRequest random_histogram() {
    using std::chrono::hours;
    using std::chrono::milliseconds;
    using std::chrono::minutes;
    HistogramRequest histogram;
    constexpr std::array<milliseconds, 4> kIntervals = {hours(24), hours(1), minutes(7),
                                                        milliseconds(123'457)};
    if (chance(50)) histogram.interval = kIntervals.at(below(kIntervals.size()));
    histogram.target_buckets = 1 + static_cast<std::uint32_t>(below(100));
    if (const FieldIndex field = random_column(); field != event_time_field() && chance(50)) {
      histogram.split = field;
      histogram.split_values = static_cast<std::uint32_t>(below(6));
    }
    return histogram;
  }

  const Event& any_event() { return truth_.events()[below(truth_.events().size())]; }
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  bool chance(int percent) { return below(100) < static_cast<std::size_t>(percent); }

  std::mt19937_64 random_;
  test::RandomEvents records_;
  TestStore store_;
  BruteForce truth_;
  Joins joins_;
  std::shared_ptr<const store::Snapshot> snapshot_;  // Of the store, with joins_.
  test::RandomQuery queries_;
  test::RandomKql everyday_;
  test::RandomWords words_;
  RandomTree trees_;
  ThreadPool pool_{2};
};

void expect_hits(const SearchRequest& request, const std::vector<const Event*>& hits,
                 const SearchResult& result) {
  ASSERT_EQ(result.found, hits.size());
  const std::size_t begin = std::min<std::size_t>(request.start, hits.size());
  const std::size_t end = std::min<std::size_t>(begin + request.size, hits.size());
  ASSERT_EQ(result.hits.size(), end - begin);
  for (std::size_t i = begin; i < end; ++i) {
    const Event& hit = result.hits[i - begin];
    ASSERT_EQ(hit.id, hits[i]->id) << "hit " << i;
    ASSERT_EQ(hit.time, hits[i]->time);
    ASSERT_EQ(hit.values, hits[i]->values);
    if (request.parts == HitParts::values) continue;
    ASSERT_EQ(hit.json, hits[i]->json);
    if (request.parts == HitParts::values_and_json) continue;
    ASSERT_EQ(hit.leaves, hits[i]->leaves);
  }
}

void expect_facets(const SearchRequest& request, const std::vector<const Event*>& hits,
                   const SearchResult& result) {
  ASSERT_EQ(result.facets.size(), request.facets.size());
  for (std::size_t i = 0; i < request.facets.size(); ++i) {
    const FacetResult want = BruteForce::facet(request.facets[i], hits);
    const FacetResult& got = result.facets[i];
    SCOPED_TRACE("facet " + std::string(field_at(want.field).name));
    ASSERT_EQ(got.field, want.field);
    ASSERT_EQ(got.distinct, want.distinct);
    ASSERT_EQ(got.missing, want.missing);
    ASSERT_EQ(got.buckets.size(), want.buckets.size());
    for (std::size_t j = 0; j < want.buckets.size(); ++j) {
      ASSERT_EQ(got.buckets[j].value, want.buckets[j].value);
      ASSERT_EQ(got.buckets[j].count, want.buckets[j].count) << want.buckets[j].value;
    }
  }
}

/// Each series and what is left over, by a look at each hit.
void expect_split(const HistogramRequest& request, const std::vector<const Event*>& hits,
                  const HistogramResult& got) {
  const FieldIndex field = *request.split;
  const auto facet =
      BruteForce::facet({field, FacetRequest::Order::by_count, request.split_values, {}}, hits);
  ASSERT_EQ(got.series.size(), facet.buckets.size());
  std::map<std::string, std::map<Timestamp, std::uint64_t>> counts;
  std::map<Timestamp, std::uint64_t> others;
  std::map<Timestamp, std::uint64_t> missing;
  for (const Event* hit : hits) {
    auto into = hit->time.time_since_epoch() % got.interval;
    if (into.count() < 0) into += got.interval;
    const Timestamp begin = hit->time - into;
    const auto values = values_of(*hit, field);
    bool listed = false;
    for (const FieldValue& value : values) {
      if (std::ranges::count(facet.buckets, value.value, &FacetCount::value) == 0) continue;
      ++counts[value.value][begin];
      listed = true;
    }
    if (values.empty()) ++missing[begin];
    if (!values.empty() && !listed) ++others[begin];
  }
  ASSERT_EQ(got.others.size(), got.buckets.size());
  ASSERT_EQ(got.missing.size(), got.buckets.size());
  for (std::size_t i = 0; i < got.buckets.size(); ++i) {
    const Timestamp begin = got.buckets[i].begin;
    ASSERT_EQ(got.others[i], others[begin]);
    ASSERT_EQ(got.missing[i], missing[begin]);
    for (std::size_t j = 0; j < got.series.size(); ++j) {
      ASSERT_EQ(got.series[j].value, facet.buckets[j].value);
      ASSERT_EQ(got.series[j].counts[i], counts[got.series[j].value][begin]);
    }
  }
}

void expect_histogram(const SearchRequest& request, const std::vector<const Event*>& hits,
                      const SearchResult& result) {
  ASSERT_EQ(result.histogram.has_value(), request.histogram.has_value());
  if (!request.histogram) return;
  const auto& buckets = result.histogram->buckets;
  const auto interval = result.histogram->interval;
  if (request.histogram->interval) {
    ASSERT_EQ(interval, *request.histogram->interval);
  } else {
    ASSERT_LE(buckets.size(), request.histogram->target_buckets);
  }
  const auto want = BruteForce::histogram(interval, hits);
  ASSERT_EQ(buckets.size(), want.size());
  for (const auto& bucket : buckets) ASSERT_EQ(bucket.count, want.at(bucket.begin));
  if (request.histogram->split) expect_split(*request.histogram, hits, *result.histogram);
}

void expect_stats(const SearchRequest& request, const std::vector<const Event*>& hits,
                  const SearchResult& result) {
  ASSERT_EQ(result.stats.size(), request.stats.size());
  for (std::size_t i = 0; i < request.stats.size(); ++i) {
    const NumberStats want = BruteForce::stats(request.stats[i], hits);
    const NumberStats& got = result.stats[i];
    SCOPED_TRACE("stats " + std::string(field_at(want.field).name));
    ASSERT_EQ(got.field, want.field);
    ASSERT_EQ(got.count, want.count);
    ASSERT_EQ(got.missing, want.missing);
    ASSERT_EQ(got.min, want.min);
    ASSERT_EQ(got.max, want.max);
    // Both round at each step, in orders of their own: by a share of what they add up, not of what
    // is left where large values of both signs meet. The root of n x² is no less than the sum of |x|.
    const double count = static_cast<double>(want.count);
    ASSERT_NEAR(got.sum, want.sum, 1e-12 * std::sqrt(count * want.sum_of_squares));
    ASSERT_NEAR(got.sum_of_squares, want.sum_of_squares, 1e-9 * want.sum_of_squares);
  }
}

TEST_P(Oracle, AgreesWithALookAtEachEvent) {
  std::size_t with_hits = 0;
  for (std::size_t i = 0; i < queries_per_round(); ++i) {
    if (i % 20 == 19) join_anew();
    std::string text;
    const SearchRequest request = random_request(text);
    SCOPED_TRACE(test::seed_note() + ", query " + std::to_string(i) + ": " + text);
    const auto hits = truth_.hits(request);
    const auto result = search(*snapshot_, request);
    ASSERT_TRUE(result) << result.error().message;
    ASSERT_NO_FATAL_FAILURE(expect_hits(request, hits, *result));
    ASSERT_NO_FATAL_FAILURE(expect_facets(request, hits, *result));
    ASSERT_NO_FATAL_FAILURE(expect_histogram(request, hits, *result));
    ASSERT_NO_FATAL_FAILURE(expect_stats(request, hits, *result));
    with_hits += hits.empty() ? 0 : 1;
  }
  // Queries that find nothing would test nothing. Most find something; a round under a sanitizer is
  // so short that chance alone can bring it below a half.
  EXPECT_GT(with_hits, queries_per_round() / 4);
}

TEST_P(Oracle, WalksThroughAllHitsByCursor) {
  for (std::size_t i = 0; i < queries_per_round() / 10 + 1; ++i) {
    std::string text;
    SearchRequest request = random_request(text);
    request.start = 0;
    request.size = 1 + static_cast<std::uint32_t>(below(40));
    request.facets.clear();
    request.histogram.reset();
    SCOPED_TRACE(test::seed_note() + ", walk " + std::to_string(i) + ": " + text);
    const auto hits = truth_.hits(request);
    request.cursor = "initial";
    std::size_t seen = 0;
    while (true) {
      const auto result = search(*snapshot_, request);
      ASSERT_TRUE(result) << result.error().message;
      ASSERT_EQ(result->found, hits.size());
      ASSERT_TRUE(result->cursor);
      if (result->hits.empty()) break;
      for (const Event& hit : result->hits) {
        ASSERT_LT(seen, hits.size());
        ASSERT_EQ(hit.id, hits[seen]->id) << "hit " << seen;
        ++seen;
      }
      request.cursor = result->cursor;
    }
    ASSERT_EQ(seen, hits.size());
  }
}

INSTANTIATE_TEST_SUITE_P(Round, Oracle, ::testing::Range(0, kRounds));

}  // namespace
}  // namespace trailsift::query
