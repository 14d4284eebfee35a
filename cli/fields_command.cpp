#include "cli/fields_command.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "cli/answer_json.h"
#include "cli/searcher.h"
#include "cli/server_request.h"
#include "cli/text_table.h"
#include "schema/field.h"
#include "server/json_out.h"
#include "server/request_members.h"

namespace trailsift::cli {
namespace {

constexpr std::array kOptions = {
    Option{"--server", "URL", "", Arity::optional, "list those that this server knows"},
    Option{"--json", "", "", Arity::optional, "an array with one object for each field"},
};

constexpr std::string_view kDescription =
    "Lists the fields that queries, facets, sort and --return know. A field also answers to its "
    "CloudTrail path and to its other names, whatever their case.\n"
    "Types: keyword, ip (matched whole), text (matched by words), time, bool, integer. A column "
    "can be faceted and sorted by; a field marked 'many' can have several values in one event.";

constexpr std::string_view kExamples =
    "  trailsift fields\n"
    "  trailsift fields --json | jq -r '.[] | select(.column) | .name'\n";

/// A field as it is told to people, here or by a server of another version.
struct FieldRow {
  std::string name, path;
  std::vector<std::string> aliases;
  std::string type;
  bool column = false;
  bool many = false;
  std::string help;
};

std::vector<FieldRow> own_rows() {
  std::vector<FieldRow> rows;
  for (const Field& field : fields()) {
    FieldRow row{std::string(field.name),
                 std::string(field.path),
                 {},
                 std::string(name(field.type)),
                 field.column,
                 field.multi,
                 std::string(field.help)};
    for (const auto alias : server::split_words(field.aliases)) row.aliases.emplace_back(alias);
    rows.push_back(std::move(row));
  }
  return rows;
}

Result<FieldRow> row_of(const Json& told) {
  Members field(told, "a field");
  const auto alias_of = [](const Json& alias) -> Result<std::string> {
    if (!alias.IsString()) return bad_answer("texts for aliases");
    return text_of(alias);
  };
  FieldRow row{field.text("name"), field.text_or_none("path"), field.rows("aliases", alias_of),
               field.text("type"), field.flag("column"),       field.flag("multi"),
               field.text("help")};
  return field.result(std::move(row));
}

Result<std::vector<FieldRow>> rows_of_server(const std::string& url) {
  const auto answer = get_answer(url, "/api/fields");
  if (!answer) return tl::unexpected(answer.error());
  Members members(*answer, "the answer");
  auto rows = members.rows("fields", row_of);
  return members.result(std::move(rows));
}

void write_row(server::JsonOut& out, const FieldRow& row) {
  out.begin_object();
  out.member("name", row.name);
  out.member("path", row.path);
  out.key("aliases");
  out.begin_array();
  for (const std::string& alias : row.aliases) out.string(alias);
  out.end_array();
  out.member("type", row.type);
  out.key("column");
  out.boolean(row.column);
  out.key("many");
  out.boolean(row.many);
  out.member("help", row.help);
  out.end_object();
}

std::string to_json(const std::vector<FieldRow>& rows) {
  server::JsonOut out;
  out.begin_array();
  for (const FieldRow& row : rows) write_row(out, row);
  out.end_array();
  return out.text();
}

ExitCode run_fields(const Arguments& arguments, Console& console) {
  const auto server = arguments.given("--server");
  const auto rows = server ? rows_of_server(*server) : Result<std::vector<FieldRow>>(own_rows());
  if (!rows) return report_source(console, "fields", rows.error());
  if (arguments.has("--json")) {
    print_json(console, to_json(*rows));
    return ExitCode::ok;
  }
  TextTable table({{"field"}, {"type"}, {"column"}, {"values"}, {"meaning"}});
  for (const FieldRow& row : *rows) {
    table.add({row.name, row.type, row.column ? "yes" : "", row.many ? "many" : "", row.help});
  }
  const bool terminal = console.out_is_terminal;
  table.print(console.out, {.width = 0, .color = terminal && console.color_wanted});
  return ExitCode::ok;
}

}  // namespace

const Command& fields_command() {
  static const Command kCommand{.name = "fields",
                                .summary = "list the fields that queries know",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_fields};
  return kCommand;
}

}  // namespace trailsift::cli
