#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/search.h"
#include "query/tree.h"
#include "server/elastic_aggregations.h"
#include "server/hit_columns.h"
#include "server/json_out.h"
#include "server/parameters.h"
#include "server/refusal.h"
#include "server/relaxed_json.h"

namespace trailsift::server {

/// One of the values by which hits are sorted, as it stands in a hit's `sort`.
struct ElasticSortKey {
  std::optional<FieldIndex> field;  ///< Absent: `_doc` and its like, for which the id stands.
  bool descending = false;
  bool score = false;  ///< `_score`
};

/// Something told of each hit in `fields`.
struct ElasticHitField {
  HitColumn column;
  bool epoch = false;  ///< Times as milliseconds.
};

/// A search as clients of Elasticsearch send it, understood.
struct ElasticSearch {
  query::SearchRequest request;  ///< Counts what the outermost aggregations tell as well.
  /// When it is over, what was found by then is answered, unless `request.partial` is false.
  std::optional<std::chrono::milliseconds> timeout;
  std::vector<ElasticSortKey> sort;
  bool with_score = false;  ///< `_score` is told of each hit.
  std::vector<ElasticHitField> fields;
  bool with_source = true;
  bool total_as_number = false;
  std::vector<ElasticAggregation> aggregations;
};

/// Reads a body (which may be empty) and the parameters of the URL, of which the body's members
/// stand before. What is not supported is refused by its name.
Checked<ElasticSearch> read_elastic_search(std::string_view body, const Parameters& parameters,
                                           Timestamp now);

/// Runs it and writes the answer: one JSON object. `status`: with the member of that name, as
/// the answers of a multi-search have it.
Checked<void> answer_elastic_search(JsonOut& out, const store::Snapshot& snapshot,
                                    const ElasticSearch& search, bool status);

}  // namespace trailsift::server
