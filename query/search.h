#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "query/expensive_gate.h"
#include "query/expression.h"
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

/// One bucket that was asked for by name: a value, or a range in the order of the field's type.
struct FacetBucket {
  std::string label;  ///< Echoed in the answer.
  std::optional<std::string> value;
  std::optional<Between::Bound> low, high;  ///< Of a range; absent is open.
};

struct FacetRequest {
  /// Most first, least first (of those with a hit), or by value. Ties by ascending value.
  enum class Order : std::uint8_t { by_count, by_value, rarest };
  FieldIndex field;  ///< A column. event_time only with buckets.
  Order order = Order::by_count;
  std::uint32_t size = 10;
  /// When set: counted as listed, zeros kept; all but `field` unused.
  std::vector<FacetBucket> buckets;
  /// Only values that have this text somewhere, without regard to the case of ASCII letters.
  std::string containing = {};
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
constexpr std::size_t kMaxFacetValues = 10'000;  ///< FacetRequest::size.
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
  std::shared_ptr<const Expression> expression;  ///< Never null.
  bool descending = false;
};

struct SearchRequest {
  Tree query{Everything{}};
  InTime time;                ///< On top of the query.
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
  Help help;
  /// When passed, the search stops with ErrorCode::too_large.
  std::optional<std::chrono::steady_clock::time_point> deadline;
  /// When requested, the search stops with ErrorCode::cancelled.
  std::stop_token stop = {};
  /// Borrowed; where there is one, it bounds how many searches that take long run at a time.
  ExpensiveGate* gate = nullptr;
};

struct FacetCount {
  std::string value;
  std::uint64_t count = 0;
};

struct FacetResult {
  FieldIndex field;
  std::vector<FacetCount> buckets;
  /// Values with a hit that were asked for; 0 when buckets were asked for by name.
  std::uint64_t distinct = 0;
  std::uint64_t missing = 0;  ///< Hits without a value.
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

struct SearchResult {
  std::uint64_t found = 0;          ///< Exact, whatever the page.
  std::vector<Event> hits;          ///< With the fields that are not in the record (log_file).
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
