#pragma once

#include <cstddef>

#include "query/kql_syntax.h"
#include "query/parse.h"
#include "query/tree.h"
#include "schema/error.h"

namespace trailsift::query::kql {

constexpr std::size_t kMaxExpressions = 32;  ///< Regular expressions in one query.

/// Gives a syntax tree its meaning: names become fields, values get their types, words their
/// pieces. docs/queries.md tells the rules. Text without a letter or digit asks for nothing on a
/// text field and is left out; a query of nothing else is Nothing. Errors point into the text that
/// `node` was parsed from.
Result<Tree> bind(const Node& node, const ParseOptions& options);

}  // namespace trailsift::query::kql
