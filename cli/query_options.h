#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/command.h"
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
    "--syntax", "NAME", query::kDefaultSyntax, Arity::optional,
    "language of QUERY: kql, or structured, simple, lucene or dismax of CloudSearch"};
// clang-format on

/// A bad_request about the value of an option.
tl::unexpected<Error> bad_value(std::string_view option, std::string_view wanted,
                                std::string_view got);

/// Which events a command was asked for.
struct QueryOptions {
  std::optional<std::string> text;    ///< QUERY; unset: everything.
  std::optional<std::string> second;  ///< Another query that events must answer too.
  const query::Syntax* syntax = nullptr;
  query::ParseOptions parse;  ///< What texts leave open: the clock and the zone of who asks.
  query::InTime time;
  std::optional<std::string> from, to;  ///< `time` as it was written.
  std::string fingerprint;              ///< Of all of it, for cursors.
};

/// Reads the rows above, but for the queries themselves: who answers parses them. `second`: the
/// option of the second query, if the command has one.
Result<QueryOptions> read_query_options(const Arguments& arguments, const Console& console,
                                        std::string_view second = {});

}  // namespace trailsift::cli
