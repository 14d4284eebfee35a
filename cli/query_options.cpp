#include "cli/query_options.h"

#include <optional>
#include <utility>

#include "query/kql_time.h"
#include "schema/time.h"

namespace trailsift::cli {
namespace {

tl::unexpected<Error> bad_value(std::string_view option, std::string_view wanted,
                                std::string_view got) {
  return fail(ErrorCode::bad_request, "expected " + std::string(option) + " to be " +
                                          std::string(wanted) + ", got '" + std::string(got) + "'");
}

Result<std::optional<Timestamp>> read_time(const Arguments& arguments, std::string_view option,
                                           const query::ParseOptions& asked) {
  const auto text = arguments.given(option);
  if (!text) return std::optional<Timestamp>();
  const auto time = query::kql::parse_time_span(*text, *asked.now, asked.zone);
  if (!time) {
    return fail(ErrorCode::bad_request,
                "cannot read " + std::string(option) + ": " + time.error().message);
  }
  return std::optional(time->begin);
}

Result<void> read_time_range(const Arguments& arguments, const query::ParseOptions& asked,
                             query::InTime& range) {
  const auto from = read_time(arguments, "--from", asked);
  if (!from) return tl::unexpected(from.error());
  const auto to = read_time(arguments, "--to", asked);
  if (!to) return tl::unexpected(to.error());
  range = {*from, *to};
  return {};
}

/// What texts leave open: the clock and the zone of the one who asks.
Result<query::ParseOptions> read_parse_options(const Arguments& arguments, const Console& console) {
  query::ParseOptions asked;
  asked.now = console.now();
  auto zone = query::TimeZone::find(arguments.value("--zone"));
  if (!zone)
    return bad_value("--zone", "a time zone such as Europe/Berlin or +02:00",
                     arguments.value("--zone"));
  asked.zone = std::move(*zone);
  return asked;
}

Result<const query::Syntax*> read_syntax(const Arguments& arguments) {
  const std::string name = arguments.value("--syntax");
  if (const query::Syntax* const syntax = query::find_syntax(name)) return syntax;
  std::string names;
  for (const query::Syntax& syntax : query::syntaxes()) {
    names += (names.empty() ? "" : ", ") + std::string(syntax.name);
  }
  return bad_value("--syntax", "one of " + names, name);
}

}  // namespace

tl::expected<QueryOptions, Mistake> read_query_options(const Arguments& arguments,
                                                       const Console& console) {
  QueryOptions options;
  auto parse = read_parse_options(arguments, console);
  if (!parse) return tl::unexpected(Mistake{parse.error(), {}});
  options.parse = std::move(*parse);
  const auto syntax = read_syntax(arguments);
  if (!syntax) return tl::unexpected(Mistake{syntax.error(), {}});
  options.syntax = *syntax;
  if (auto ok = read_time_range(arguments, options.parse, options.time); !ok) {
    return tl::unexpected(Mistake{ok.error(), {}});
  }
  const auto text = arguments.given("QUERY");
  if (!text) return options;
  auto tree = options.syntax->parse(*text, options.parse);
  if (!tree) return tl::unexpected(Mistake{tree.error(), *text});
  options.text = *text;
  options.query = std::move(*tree);
  return options;
}

}  // namespace trailsift::cli
