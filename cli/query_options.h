#pragma once

#include <string>

#include "cli/command.h"
#include "cli/mistake.h"
#include "query/parse.h"
#include "query/syntax.h"
#include "query/tree.h"

namespace trailsift::cli {

// Rows of every command that asks for events. clang-format off
inline constexpr Option kQueryOption{"QUERY", "", "", Arity::optional,
                                     "what to search for; without it everything"};
inline constexpr Option kZoneOption{
    "--zone", "ZONE", "UTC", Arity::optional,
    "zone of times and days in queries, --from and --to, such as Europe/Berlin or +02:00"};
inline constexpr Option kFromOption{
    "--from", "TIME", "", Arity::optional,
    "events at or after this time: RFC 3339, a day, now, or sums such as -24h or now-7d/d"};
inline constexpr Option kToOption{"--to", "TIME", "", Arity::optional, "events before this time"};
inline constexpr Option kSyntaxOption{
    "--syntax", "NAME", "kql", Arity::optional,
    "language of QUERY: kql, or structured, simple, lucene or dismax of CloudSearch"};
// clang-format on

/// Which events a command was asked for.
struct QueryOptions {
  std::string text;  ///< QUERY; empty: everything.
  const query::Syntax* syntax = nullptr;
  query::ParseOptions parse;  ///< What texts leave open: the clock and the zone of who asks.
  query::Tree query{query::Everything{}};
  query::InTime time;
};

/// Reads the rows above.
tl::expected<QueryOptions, Mistake> read_query_options(const Arguments& arguments,
                                                       const Console& console);

}  // namespace trailsift::cli
