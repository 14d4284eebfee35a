#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "query/parse.h"
#include "query/search.h"
#include "query/tree.h"
#include "schema/time.h"
#include "server/refusal.h"
#include "server/request_members.h"

namespace trailsift::server {

/// One of a request's filters, understood.
struct QueryFilter {
  std::string path;                     ///< "filters[0]"
  std::optional<query::Target> target;  ///< Absent where the filter is a query.
  query::Tree tree;
};

/// Which events a request asks for.
struct QueryCall {
  std::string text;           ///< q, as written.
  std::string syntax;         ///< Its language.
  query::ParseOptions parse;  ///< The clock and the zone of all its queries and times.
  query::Tree query;
  std::vector<QueryFilter> filters;
  query::InTime time;
  std::optional<std::chrono::milliseconds> timeout;
  /// Of all of it; requests for the same events in the same words have the same one.
  std::string fingerprint;
};

/// The members q, syntax, zone, from, to, filters and timeout. Every problem is a refusal that
/// names the member, with the position in its text where there is one.
Checked<QueryCall> read_query_call(const CheckedMembers& members, Timestamp now);

/// Query and filters as one tree; `without`: but for the filters on this target.
query::Tree whole_tree(const QueryCall& call, const std::optional<query::Target>& without = {});

/// What a name that a client wrote stands for: a field or the path of a leaf.
Checked<query::Target> find_target(std::string_view name, const std::string& path);

/// A field that is a column.
Checked<FieldIndex> find_column(std::string_view name, const std::string& path);

/// `auto` is nullopt; otherwise the width of a bucket.
Checked<std::optional<std::chrono::milliseconds>> read_interval(const std::string& text,
                                                                const std::string& path);

}  // namespace trailsift::server
