#include "cli/session_command.h"

#include <array>
#include <string>

#include "cli/searcher.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "query/session.h"
#include "server/session_answer.h"

namespace trailsift::cli {
namespace {

using query::SessionLink;
using query::SessionOpening;
using query::SessionTimeline;
using query::SessionTrace;

constexpr std::array kWhich = {
    Option{"ID", "", "", Arity::required,
           "an event's id, a temporary access key, an assumed role's id or a session's ARN"}};
constexpr std::array kHow = {
    Option{"--created", "TIME", "", Arity::optional,
           "of several sessions of an id or ARN: the one that began then; without it the newest"},
    Option{"--size", "N", "50", Arity::optional, "how many events to show, oldest first"},
    Option{"--json", "", "", Arity::optional, "one object instead of text"}};
constexpr auto kOptions = joined(kWhich, kSourceOptions, kHow);

constexpr std::string_view kDescription =
    "Tells who opened a session, back to the first identity, by which evidence, and all that was "
    "done in it. Any record of it will do: the call that opened it, or one that was made in it.";

constexpr std::string_view kExamples =
    "  trailsift session ASIAIOSFODNN7EXAMPLE --data index\n"
    "  trailsift session AROAIDPPEZS35WEXAMPLE:alice --data index --created 2024-06-01T08:00:00Z\n"
    "  trailsift session ASIAIOSFODNN7EXAMPLE --server http://127.0.0.1:8080\n";

/// A table's columns of an event.
constexpr std::array kColumns = {"event_time", "recipient_account_id", "aws_region", "event_source",
                                 "event_name", "source_ip_address",    "error_code"};

std::string_view text_of(query::ChainEnd end) {
  switch (end) {
    case query::ChainEnd::origin: return "";
    case query::ChainEnd::other_account: return "that account's records are not here";
    case query::ChainEnd::no_record: return "the record that opened this session is not here";
    case query::ChainEnd::ambiguous: return "each of these may have opened it";
    case query::ChainEnd::loop: return "this session was opened by one that stands above";
    case query::ChainEnd::depth: return "the chain is longer than the limit";
  }
  return "";
}

void print_identity(std::ostream& out, const query::SessionIdentity& who) {
  const std::string& best = !who.actor.empty() ? who.actor : who.principal_id;
  out << printable(best.empty() ? who.access_key_id : best);
  if (!who.type.empty()) out << "  " << printable(who.type);
  if (!who.account_id.empty()) out << " of " << printable(who.account_id);
  if (!who.access_key_id.empty()) out << ", key " << printable(who.access_key_id);
  if (who.created) out << ", began " << format_time(*who.created);
  if (!who.source_identity.empty()) out << ", says it is " << printable(who.source_identity);
  out << '\n';
}

void print_chain(std::ostream& out, const SessionTrace& trace) {
  std::string indent;
  for (const SessionLink& link : trace.chain) {
    out << indent;
    print_identity(out, link.who);
    indent += "  ";
    if (!link.evidence) continue;
    for (const SessionOpening& opening : link.openings) {
      out << indent << "opened by " << printable(opening.event_name) << ' '
          << printable(opening.event_id) << " at " << format_time(opening.issued.at) << " ("
          << name(*link.evidence) << ", " << confidence(*link.evidence) << ")";
      if (link.ambiguous) out << " by " << printable(opening.by.actor);
      out << '\n';
    }
  }
  if (trace.end != query::ChainEnd::origin) out << indent << text_of(trace.end) << '\n';
}

std::string counts_of(const query::FacetResult& facet) {
  std::string text;
  for (const auto& [value, count] : facet.buckets) {
    if (!text.empty()) text += ", ";
    text += printable(value) + " " + grouped(count);
    if (text.size() > 200) break;
  }
  return text;
}

void print_summary(std::ostream& out, const SessionTrace& trace, const SessionTimeline& timeline) {
  out << '\n'
      << grouped(timeline.count) << " events, " << grouped(timeline.errors) << " errors, "
      << grouped(timeline.denied) << " of them denials\n";
  if (timeline.first) {
    out << "from " << format_time(*timeline.first) << " to " << format_time(*timeline.last);
    if (timeline.gap) out << ", the first " << timeline.gap->count() / 1000 << " s after it opened";
    out << '\n';
  }
  for (const query::FacetResult& facet : timeline.facets) {
    if (!facet.buckets.empty())
      out << field_at(facet.field).name << ": " << counts_of(facet) << '\n';
  }
  for (const query::SessionChild& child : timeline.children) {
    out << "opened " << printable(child.issued.role_arn) << " at " << format_time(child.at) << ": "
        << printable(child.event_id) << '\n';
  }
  for (const std::string& created : trace.others) {
    out << "another session of this id began " << printable(created) << '\n';
  }
}

void print_events(Console& console, const SessionTimeline& timeline) {
  std::vector<TextTable::Head> heads;
  for (const char* column : kColumns) heads.push_back({.title = column});
  heads.front().whole = true;
  TextTable table(std::move(heads));
  for (const Event& event : timeline.events) {
    std::vector<std::string> cells;
    for (const char* column : kColumns) {
      cells.emplace_back(value_of(event, field_index(column)).value_or(std::string_view()));
    }
    const bool failed = !cells.back().empty();
    table.add(cells, failed ? std::optional(Style::red) : std::nullopt);
  }
  console.out << '\n';
  table.print(console);
  if (timeline.events.size() < timeline.count) {
    console.out << grouped(timeline.events.size()) << " of " << grouped(timeline.count)
                << " events; --size shows more\n";
  }
}

Result<void> print_json(Console& console, const ToldSession& told) {
  std::vector<server::HitColumn> columns;
  for (const char* column : kColumns) columns.push_back({column, field_index(column)});
  server::JsonOut out;
  out.begin_object();
  auto written = server::write_session(out, told.trace, told.timeline, columns);
  if (!written) return written;
  out.end_object();
  print_json(console, out.text());
  return {};
}

Result<query::SessionQuestion> read_question(const Arguments& arguments, const Console& console) {
  query::SessionQuestion question{arguments.value("ID"), {}};
  if (const auto created = arguments.given("--created")) {
    const auto time = parse_time_bound(*created, console.now());
    if (!time) return tl::unexpected(time.error());
    question.created = *time;
  }
  return question;
}

ExitCode run_session(const Arguments& arguments, Console& console) {
  const auto question = read_question(arguments, console);
  if (!question) return report_usage(console, "session", question.error());
  const auto size = arguments.number("--size", 0, query::kMaxWindow);
  if (!size) return report_usage(console, "session", size.error());
  const auto searcher = open_searcher(arguments, console);
  if (!searcher) return report_source(console, "session", searcher.error());
  std::vector<Column> columns;
  for (const char* column : kColumns) columns.push_back({column, field_index(column)});
  const auto told = (*searcher)->session(*question, static_cast<std::uint32_t>(*size), columns);
  if (!told) return report(console, told.error());
  if (arguments.has("--json")) {
    const auto printed = print_json(console, *told);
    return printed ? ExitCode::ok : report(console, printed.error());
  }
  print_chain(console.out, told->trace);
  print_summary(console.out, told->trace, told->timeline);
  if (!told->timeline.events.empty()) print_events(console, told->timeline);
  return ExitCode::ok;
}

}  // namespace

const Command& session_command() {
  static const Command kCommand{.name = "session",
                                .summary = "tell who opened a session and what was done in it",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_session};
  return kCommand;
}

}  // namespace trailsift::cli
