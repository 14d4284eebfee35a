#pragma once

#include <string_view>

#include "query/kql_syntax.h"
#include "schema/error.h"

namespace trailsift::query::kql {

/// Reads a whole query in the everyday language, within the limits of query/parse.h:
///
///   query     = [ any ] ;                               nothing at all is `*`
///   any       = all { "or" all } ;
///   all       = one { [ "and" ] one } ;
///   one       = "not" one | "(" any ")" | condition ;
///   condition = value                                   anywhere in the event
///             | NAME ( ":" | "=" | "!=" ) ( value | reference | range | "(" values ")" )
///             | NAME ( "==" | ":=" | "!==" ) ( value | reference | "(" values ")" )
///             | NAME [ ":" ] ( "<" | "<=" | ">" | ">=" ) text ;
///   values    = any, with value, range, ( "<" | … ) text in the place of condition ;
///   range     = ( "[" | "{" ) bound "to" bound ( "]" | "}" ) ;
///   bound     = "*" | text ;
///   value     = text | "/" expression "/" ;
///   text      = WORD | '"' … '"' | "'" … "'" ;
///   reference = "$" NAME ;
///
/// Operators and "to" are in any case.
Result<Node> parse_syntax(std::string_view text);

}  // namespace trailsift::query::kql
