#include "cli/query_options.h"

#include <optional>
#include <utility>

#include "query/kql_time.h"
#include "schema/time.h"

namespace trailsift::cli {
namespace {

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
  if (*from && *to && **to < **from) {
    return fail(ErrorCode::bad_request, "expected --from to be before --to");
  }
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

tl::unexpected<Error> bad_value(std::string_view option, std::string_view wanted,
                                std::string_view got) {
  return fail(ErrorCode::bad_request, "expected " + std::string(option) + " to be " +
                                          std::string(wanted) + ", got '" + std::string(got) + "'");
}

Result<QueryOptions> read_query_options(const Arguments& arguments, const Console& console,
                                        std::string_view second) {
  QueryOptions options;
  auto parse = read_parse_options(arguments, console);
  if (!parse) return tl::unexpected(parse.error());
  options.parse = std::move(*parse);
  const auto syntax = read_syntax(arguments);
  if (!syntax) return tl::unexpected(syntax.error());
  options.syntax = *syntax;
  if (auto ok = read_time_range(arguments, options.parse, options.time); !ok) {
    return tl::unexpected(ok.error());
  }
  options.from = arguments.given("--from");
  options.to = arguments.given("--to");
  options.text = arguments.given("QUERY");
  if (!second.empty()) options.second = arguments.given(second);
  options.fingerprint = options.text.value_or("") + '\n' + options.second.value_or("") + '\n';
  for (const std::string_view option : {"--syntax", "--zone", "--from", "--to"}) {
    options.fingerprint.append(arguments.value(option)).append("\n");
  }
  return options;
}

}  // namespace trailsift::cli
