#pragma once

#include <string_view>

#include "query/tree.h"
#include "schema/error.h"

namespace trailsift::query {

/// What a name in a query stands for: a schema field by canonical name, CloudTrail path or alias
/// (subtree fields included), else the leaf of that path. The name of a subtree field may stand for
/// the root of a path: `request_parameters.x` is `requestParameters.x`.
/// An unknown name is a bad_query error with suggestions.
Result<Target> resolve_field(std::string_view name, Span at);

/// "keyword field 'event_name'" or "leaf 'requestParameters.x'", for error messages.
std::string describe(const Target& target);

}  // namespace trailsift::query
