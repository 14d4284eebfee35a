#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "cli/searcher.h"
#include "cli/server_client.h"

namespace trailsift::cli {

/// Whether the record of an event alone tells all that the columns need.
bool is_all_in_record(const std::vector<Column>& columns);

/// Every hit, from /api/export: the events that the records make.
Answered<void> walk_export(const ServerClient& client, const QueryOptions& asked,
                           const Searcher::Take& take);

/// What /api/tail is asked for.
struct TailCall {
  const QueryOptions& asked;
  std::vector<std::string> columns;
};

/// New hits, from /api/tail. A connection that is lost once it worked is made again, as often as it
/// takes, and goes on where it was; `tell` gets what happens.
Answered<void> follow_tail(const ServerClient& client, const TailCall& call,
                           const std::stop_token& stop, const Searcher::Take& take,
                           const Searcher::Tell& tell);

}  // namespace trailsift::cli
