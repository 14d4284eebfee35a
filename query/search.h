#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "query/deadline.h"
#include "query/expression.h"
#include "query/facet_request.h"
#include "query/thread_pool.h"
#include "query/tree.h"
#include "schema/error.h"
#include "schema/event.h"
#include "store/store.h"

namespace trailsift::query {

struct SortKey {
  FieldIndex field;  ///< A column; event_time and event_id included. No multi fields.
  bool descending = false;
};

/// What a field's values come to over all hits. Not of fields with several values.
struct NumberStats {
  FieldIndex field;                     ///< An integer or a time.
  std::uint64_t count = 0;              ///< Hits with a value.
  std::uint64_t missing = 0;            ///< Hits without one.
  std::optional<std::string> min, max;  ///< In the field's canonical form; none without values.
  double sum = 0;                       ///< Of integers.
  double sum_of_squares = 0;            ///< Of integers.
};

struct HistogramRequest {
  /// Unset: chosen from the span of the hits so that there are about `target_buckets`.
  std::optional<std::chrono::milliseconds> interval;
  std::uint32_t target_buckets = 60;
  /// Also counts each bucket by the values of this field: a column other than event_time.
  std::optional<FieldIndex> split = {};
  std::uint32_t split_values = 5;  ///< The most frequent ones have counts of their own.
};

constexpr std::uint32_t kMaxWindow = 10'000;  ///< start + size.
constexpr std::size_t kMaxSortKeys = 10;
constexpr std::size_t kMaxHistogramBuckets = 10'000;
constexpr std::size_t kMaxSplitValues = 50;  ///< HistogramRequest::split_values.

/// What is needed of a hit; less takes less time.
enum class HitParts : std::uint8_t {
  whole,
  values_and_json,  ///< No leaves.
  values,           ///< Neither leaves nor, for most hits, json.
};

/// Whose threads may help with a large query.
struct Help {
  ThreadPool* pool = nullptr;               ///< Borrowed. Null: nobody's.
  std::uint64_t least_documents = 100'000;  ///< Smaller queries are answered sooner alone.
};

/// An order by a number that is worked out for each event.
struct ComputedKey {
  std::shared_ptr<const Expression> expression;  ///< Null: the score itself.
  bool descending = false;
};

struct SearchRequest {
  Tree query{Everything{}};
  InTime time;  ///< On top of the query.
  /// What hits are scored by, if they are: `query`, or the part of it that counts, as it is parsed
  /// with ParseOptions::scored. Every hit answers it. Orders by the score need it.
  std::optional<Tree> scored = {};
  std::vector<SortKey> sort;  ///< Empty: newest first. Ties: event_time descending, then event id.
  /// Instead of `sort`; ties as there. The fingerprint has to tell the expressions.
  std::vector<ComputedKey> computed_sort;
  std::uint32_t start = 0;
  std::uint32_t size = 10;
  HitParts parts = HitParts::whole;
  /// Unset: pages by start. "initial" or SearchResult::cursor: pages by cursor, start must be 0.
  std::optional<std::string> cursor;
  /// Text of what was asked (query and filter); a cursor is refused with another one.
  std::string fingerprint;
  std::vector<FacetRequest> facets;
  std::optional<HistogramRequest> histogram;
  std::vector<FieldIndex> stats;  ///< Fields that number_stats() takes.
  /// When the time is over before all is searched: answers over what was searched by then, if that
  /// is anything, instead of failing. The newest segments come first.
  bool partial = false;
  Help help;
  Deadline::Options limits;
};

struct HistogramResult {
  struct Bucket {
    Timestamp begin;
    std::uint64_t count = 0;
  };
  std::chrono::milliseconds interval{0};
  std::vector<Bucket> buckets;  ///< Without gaps from the oldest hit to the newest, ascending.

  /// One value of the field that the histogram is split by.
  struct Series {
    std::string value;
    std::vector<std::uint64_t> counts;  ///< One for each bucket.
  };
  std::vector<Series> series;          ///< Most frequent first.
  std::vector<std::uint64_t> others;   ///< Hits that have values, but none of these.
  std::vector<std::uint64_t> missing;  ///< Hits without a value. Both empty when not split.
};

/// How much of the store was searched.
struct Coverage {
  std::uint64_t searched = 0;  ///< Events.
  std::uint64_t events = 0;    ///< All there are.
};

struct SearchResult {
  std::uint64_t found = 0;  ///< Exact, whatever the page.
  /// Of a partial answer, which all else is told of.
  std::optional<Coverage> partial;
  std::vector<Event> hits;     ///< With the fields that are not in the record (log_file).
  std::vector<double> scores;  ///< One for each of hits, 0 or more; empty if none were asked for.
  std::vector<FacetResult> facets;  ///< In the order of the request. Exact, over all hits.
  std::optional<HistogramResult> histogram;
  std::vector<NumberStats> stats;     ///< In the order of the request.
  std::optional<std::string> cursor;  ///< Only when the request had one. URL-safe.
};

/// Answers a request over a snapshot. Any thread. Errors: a request outside the limits above is
/// bad_request or too_large and names the limit; corruption names the segment.
Result<SearchResult> search(const store::Snapshot& snapshot, const SearchRequest& request);

/// The event with this id, or not_found.
Result<Event> find_event(const store::Snapshot& snapshot, std::string_view event_id);

}  // namespace trailsift::query
