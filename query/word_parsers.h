#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "query/ast.h"
#include "query/parse.h"
#include "schema/error.h"

namespace trailsift::query {

/// The syntax tree of a query in one of the languages that are words with signs between them;
/// nullopt when it holds no words. Their values are loose (Scalar). Within the limits of
/// query/parse.h; text that passes one, or is no UTF-8, is an error in each of them.

/// Lucene's SimpleQueryParser: every text has a meaning. The operators that differ are evaluated
/// strictly from left to right.
///
///   query    = { clause } ;                 clauses are joined by "+" (all), "|" (any), or by
///   clause   = [ "+" | "|" ] { "-" } ( "(" query ")" | phrase | token ) ;          any_word
///   phrase   = '"' … '"' [ "~" N ] ;        token = characters [ "*" | "~" [ N ] ] ;
///
/// A sign that has nothing to belong to is passed over. "\" takes the meaning from the character
/// behind it.
Result<std::optional<Node>> parse_simple_syntax(std::string_view text, const ParseOptions& options);

/// The classic syntax of Lucene:
///
///   query  = { [ "AND" | "&&" | "OR" | "||" ] [ "+" | "-" | "!" | "NOT" ] clause } ;
///   clause = [ NAME ":" ] ( "(" query ")" | range | '"' … '"' [ "~" N ] | word ) [ "^" NUMBER ] ;
///   range  = ( "[" | "{" ) bound "TO" bound ( "]" | "}" ) ;     bound = word | '"' … '"' | "*"
///
/// A word with `*` or `?` is a pattern. Regular expressions are bad_query errors.
Result<std::optional<Node>> parse_lucene_syntax(std::string_view text, const ParseOptions& options);

/// Words, "phrases", and `+` or `-` before one; every other character is text.
Result<std::optional<Node>> parse_dismax_syntax(std::string_view text, const ParseOptions& options);

/// The text of a tree that parses to an equal one: in simple syntax, which has neither fields nor
/// ranges nor patterns but at the end of a word, and in Lucene's, which has all that a tree with
/// loose values can hold.
std::string to_simple(const Node& node);
std::string to_lucene(const Node& node);

}  // namespace trailsift::query
