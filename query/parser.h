#pragma once

#include <string_view>

#include "query/ast.h"
#include "schema/error.h"

namespace trailsift::query {

/// Reads a whole query in CloudSearch structured syntax, to which `wildcard` is added, within the
/// limits of query/parse.h:
///
///   query     = expr ;
///   expr      = "matchall" | "(" "matchall" ")"
///             | string
///             | NAME ":" ( string | number | range )
///             | "(" ( "and" | "or" ) options expr { expr } ")"
///             | "(" "not" options expr ")"
///             | "(" "term" options ( string | number ) ")"
///             | "(" ( "phrase" | "prefix" | "wildcard" | "near" ) options string ")"
///             | "(" "range" options range ")" ;
///   options   = { ( "field" | "boost" | "distance" ) "=" ( NAME | number | string | quoted ) } ;
///   range     = ( "[" | "{" ) [ bound ] "," [ bound ] ( "]" | "}" ) ;   an open side has a brace
///   bound     = string | number ;
///   string    = "'" … "'" ;   quoted = '"' … '"' ;   both with "\" before a quote or a "\"
///
/// White space is optional wherever tokens cannot run together.
Result<Node> parse_syntax(std::string_view text);

/// Whether a text may be a query in any language: UTF-8, and not too long.
Result<void> check_query_text(std::string_view text);

}  // namespace trailsift::query
