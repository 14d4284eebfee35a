#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "cli/column.h"
#include "cli/command.h"
#include "cli/explained.h"
#include "cli/join_options.h"
#include "cli/mistake.h"
#include "cli/query_options.h"
#include "query/join_files.h"
#include "query/search.h"
#include "query/session.h"

namespace trailsift::cli {

/// A session and what was done in it.
struct ToldSession {
  query::SessionTrace trace;
  query::SessionTimeline timeline;
};

/// Whom a command asks about events: a data directory, or a server. One thread.
class Searcher {
 public:
  virtual ~Searcher() = default;

  /// As query::search() over one moment of the store. Fills the query and the time of `request` in.
  /// Of hits only what `columns` need is sure to be there. A place in a query comes with its text.
  virtual Answered<query::SearchResult> search(const QueryOptions& asked,
                                               query::SearchRequest& request,
                                               const std::vector<Column>& columns) = 0;

  /// What the clauses of the query alone do, which must not be empty.
  virtual Answered<ExplainedQuery> explain(const QueryOptions& asked) = 0;

  /// The session that is asked about, and the first `size` events of what was done in it. Of these
  /// only what `columns` need is sure to be there.
  virtual Answered<ToldSession> session(const query::SessionQuestion& question, std::uint32_t size,
                                        const std::vector<Column>& columns) = 0;

  /// Gets an event; false ends what gives them.
  using Take = std::function<bool(const Event& event)>;

  /// Gives every hit, newest first, in memory that does not grow with them. `columns` as above.
  virtual Answered<void> walk(const QueryOptions& asked, const std::vector<Column>& columns,
                              const Take& take) = 0;

  /// Gives the hits that are new from now on, those of a commit from the oldest to the newest,
  /// until `stop` is requested. `tell` gets what a person should know: that some were missed.
  using Tell = std::function<void(const std::string& notice)>;
  virtual Answered<void> follow(const QueryOptions& asked, const std::vector<Column>& columns,
                                const std::stop_token& stop, const Take& take,
                                const Tell& tell) = 0;
};

// Rows of every command that can ask a server. clang-format off
inline constexpr Option kDataOrServerOption{"--data", "DIR", "", Arity::optional,
                                            "the data directory that holds the index"};
inline constexpr Option kServerOption{
    "--server", "URL", "", Arity::optional,
    "ask this server instead, such as http://127.0.0.1:8080; without either, the one that the "
    "variable TRAILSIFT_SERVER names"};
inline constexpr std::array kSourceOptions = {kDataOrServerOption, kServerOption,
                                              kAccountNamesOption};
/// Those of every command that asks about the events of a query.
inline constexpr auto kAskOptions = joined(std::array{kSyntaxOption, kZoneOption}, kSourceOptions,
                                           std::array{kFromOption, kToOption});
// clang-format on

/// Where a command's answers come from: one of the two is there.
struct Source {
  std::string data;
  std::string server;
};

/// Reads the rows above. Errors are bad_request.
Result<Source> read_source(const Arguments& arguments, const Console& console);

/// Opens what the rows above and kAccountNamesOption say.
Result<std::unique_ptr<Searcher>> open_searcher(const Arguments& arguments, Console& console);

/// Prints why a command cannot begin: a mistake in the command line, or another failure.
ExitCode report_source(Console& console, std::string_view command, const Error& error);

/// A query, and who is asked about it.
struct Asking {
  QueryOptions query;
  std::unique_ptr<Searcher> searcher;
};
/// Reads kQueryOption and kAskOptions. Errors are for report_source().
Result<Asking> read_asking(const Arguments& arguments, Console& console);

/// Over the data directory as it is now.
Result<std::unique_ptr<Searcher>> data_searcher(const std::string& directory,
                                                query::JoinOptions joins);

/// Over a server's API.
Result<std::unique_ptr<Searcher>> server_searcher(const std::string& url);

}  // namespace trailsift::cli
