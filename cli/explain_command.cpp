#include "cli/explain_command.h"

#include <array>
#include <string>

#include "cli/searcher.h"
#include "cli/text_table.h"

namespace trailsift::cli {
namespace {

constexpr auto kOptions = joined(
    std::array{Option{"QUERY", "", "", Arity::required, "the query to take apart"}}, kAskOptions);

constexpr std::string_view kDescription =
    "Tells why a query finds nothing, or so much: for each of its clauses how many events answer "
    "it "
    "alone, and how many hits the whole query would have without it.";

constexpr std::string_view kExamples =
    "  trailsift explain \"eventName:Create* and errorCode:AccessDenied\" --data index "
    "--from -7d\n";

void print(Console& console, const ExplainedQuery& explained, const query::InTime& time) {
  const auto number = [](const std::optional<std::uint64_t>& count) {
    return count ? grouped(*count) : std::string();
  };
  TextTable table({{.title = "alone", .align = TextTable::Align::right, .whole = true},
                   {.title = "without", .align = TextTable::Align::right, .whole = true},
                   {.title = "clause"}});
  for (const ExplainedQuery::Clause& clause : explained.clauses) {
    table.add({number(clause.hits), number(clause.without),
               std::string(2 * clause.depth, ' ') + clause.text});
  }
  table.print(console);
  console.out << grouped(explained.total) << " hits";
  if (time.from || time.to) console.out << ", " << grouped(explained.any_time) << " at any time";
  console.out << '\n';
}

ExitCode run_explain(const Arguments& arguments, Console& console) {
  const auto asking = read_asking(arguments, console);
  if (!asking) return report_source(console, "explain", asking.error());
  const auto explained = asking->searcher->explain(asking->query);
  if (!explained) return report(console, explained.error());
  print(console, *explained, asking->query.time);
  return ExitCode::ok;
}

}  // namespace

const Command& explain_command() {
  static const Command kCommand{.name = "explain",
                                .summary = "tell why a query finds nothing, or so much",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_explain};
  return kCommand;
}

}  // namespace trailsift::cli
