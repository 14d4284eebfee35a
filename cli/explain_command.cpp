#include "cli/explain_command.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "cli/join_options.h"
#include "cli/query_options.h"
#include "cli/text_table.h"
#include "query/explain.h"
#include "query/joined_reader.h"
#include "query/outline.h"

namespace trailsift::cli {
namespace {

using query::ExplainedClause;
using query::Outline;

constexpr std::array kOptions = {
    Option{"QUERY", "", "", Arity::required, "the query to take apart"},
    kSyntaxOption,
    kZoneOption,
    kDataOption,
    kAccountNamesOption,
    kFromOption,
    kToOption,
};

constexpr std::string_view kDescription =
    "Tells why a query finds nothing, or so much: for each of its clauses how many events answer "
    "it "
    "alone, and how many hits the whole query would have without it.";

constexpr std::string_view kExamples =
    "  trailsift explain \"eventName:Create* and errorCode:AccessDenied\" --data index --from "
    "-7d\n";

std::string clause_text(const Outline& clause, std::string_view query) {
  switch (clause.kind) {
    case Outline::Kind::all_of: return "and";
    case Outline::Kind::any_of: return "or";
    case Outline::Kind::none_of: return "not";
    case Outline::Kind::condition: break;
  }
  if (!clause.at) return to_string(clause.tree);
  return std::string(query.substr(clause.at->begin, clause.at->end - clause.at->begin));
}

void add_rows(TextTable& table, const Outline& clause, const ExplainedClause& counts,
              std::string_view query, std::size_t depth) {
  const auto number = [](const std::optional<std::uint64_t>& count) {
    return count ? grouped(*count) : std::string();
  };
  table.add({number(counts.hits), number(counts.without),
             std::string(2 * depth, ' ') + clause_text(clause, query)});
  for (std::size_t i = 0; i < clause.children.size(); ++i) {
    add_rows(table, clause.children[i], counts.children[i], query, depth + 1);
  }
}

Result<Outline> outline(const QueryOptions& asked) {
  if (asked.syntax->outline != nullptr) return asked.syntax->outline(asked.text, asked.parse);
  return query::outline_of(asked.query);
}

ExitCode run_explain(const Arguments& arguments, Console& console) {
  const auto asked = read_query_options(arguments, console);
  if (!asked) {
    const auto& [error, source] = asked.error();
    if (error.code == ErrorCode::bad_request) return report_usage(console, "explain", error);
    return report(console, error, source);
  }
  auto clause = outline(*asked);
  if (!clause) return report(console, clause.error(), asked->text);
  const auto reader = query::JoinedReader::open(arguments.value("--data"), false,
                                                read_join_options(arguments, console));
  if (!reader) return report(console, reader.error());
  const auto snapshot = (*reader)->snapshot();
  if (!snapshot) return report(console, snapshot.error());
  std::vector<Outline> clauses;
  clauses.push_back(std::move(*clause));
  const auto explained = query::explain(**snapshot, clauses, asked->time, {}, query::Deadline());
  if (!explained) return report(console, explained.error());

  TextTable table({{.title = "alone", .align = TextTable::Align::right, .whole = true},
                   {.title = "without", .align = TextTable::Align::right, .whole = true},
                   {.title = "clause"}});
  add_rows(table, clauses.front(), explained->clauses.front(), asked->text, 0);
  const bool terminal = console.out_is_terminal;
  table.print(console.out,
              {.width = terminal ? console.width : 0, .color = terminal && console.color_wanted});
  console.out << grouped(explained->total) << " hits";
  if (asked->time.from || asked->time.to)
    console.out << ", " << grouped(explained->any_time) << " at any time";
  console.out << '\n';
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
