#pragma once

#include <string>

#include "query/search.h"
#include "server/elastic_aggregations.h"
#include "server/json_out.h"

namespace trailsift::server {

/// What an aggregation of kind min, max, sum, avg or stats answers, as members of its object.
void write_figures(JsonOut& out, ElasticAggregation::Kind kind, const query::NumberStats& stats);

/// The member `key` of a bucket of terms: a value as its field's type has it in JSON, or as text.
void write_bucket_key(JsonOut& out, FieldIndex field, const std::string& value, bool is_typed);

}  // namespace trailsift::server
