#pragma once

#include <string>

#include "query/tree.h"
#include "schema/error.h"

/// Queries in the words of other programs. What comes out has the same answers as the tree; what
/// cannot be said is a bad_query error that names it, never a query that differs.
namespace trailsift::query {

/// CloudSearch's structured syntax, which parse_structured() reads.
Result<std::string> to_structured(const Tree& tree);

/// A statement for Athena over the table of CloudTrail events that AWS documents, called
/// `cloudtrail_logs`.
Result<std::string> to_athena_sql(const Tree& tree);

/// A Sigma rule in YAML. Rules have no time, so a tree with one is an error.
Result<std::string> to_sigma(const Tree& tree);

/// A pattern for rules of EventBridge, in JSON. Like rules of Sigma it has no time.
Result<std::string> to_eventbridge(const Tree& tree);

/// As one word of a POSIX shell.
std::string shell_quoted(std::string_view text);

}  // namespace trailsift::query
