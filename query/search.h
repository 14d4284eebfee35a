#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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
  enum class Order : std::uint8_t { by_count, by_value };
  FieldIndex field;               ///< A column. event_time only with buckets.
  Order order = Order::by_count;  ///< by_count: most first, ties by ascending value.
  std::uint32_t size = 10;
  std::vector<FacetBucket>
      buckets;  ///< When set: counted as listed, zeros kept; order, size unused.
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
};

constexpr std::uint32_t kMaxWindow = 10'000;  ///< start + size.
constexpr std::size_t kMaxSortKeys = 10;
constexpr std::size_t kMaxFacetValues = 10'000;  ///< FacetRequest::size.
constexpr std::size_t kMaxHistogramBuckets = 10'000;

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

struct SearchRequest {
  Tree query{Everything{}};
  InTime time;                ///< On top of the query.
  std::vector<SortKey> sort;  ///< Empty: newest first. Ties: event_time descending, then event id.
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
};

struct FacetCount {
  std::string value;
  std::uint64_t count = 0;
};

struct FacetResult {
  FieldIndex field;
  std::vector<FacetCount> buckets;
  std::uint64_t distinct = 0;  ///< Values with a hit; 0 when buckets were asked for by name.
  std::uint64_t missing = 0;   ///< Hits without a value.
};

struct HistogramResult {
  struct Bucket {
    Timestamp begin;
    std::uint64_t count = 0;
  };
  std::chrono::milliseconds interval{0};
  std::vector<Bucket> buckets;  ///< Without gaps from the oldest hit to the newest, ascending.
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
