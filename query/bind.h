#pragma once

#include <vector>

#include "query/ast.h"
#include "query/parse.h"
#include "query/tree.h"
#include "schema/error.h"

namespace trailsift::query {

/// Gives a syntax tree its meaning: names become fields, values get their types, words their
/// pieces. docs/queries.md tells the rules. A string without a letter or digit asks for nothing on
/// a text field and is left out; a query of nothing else is Nothing. Errors point into the text
/// that `node` was parsed from.
Result<Tree> bind(const Node& node, const ParseOptions& options);

/// The fields of a text without one. raw holds every text that another text field has, so beside it
/// those can add nothing but to a score.
std::vector<FieldIndex> default_fields(const ParseOptions& options);

}  // namespace trailsift::query
