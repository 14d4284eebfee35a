#include "cli/fields_command.h"

#include <array>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "cli/text_table.h"
#include "schema/field.h"

namespace trailsift::cli {
namespace {

constexpr std::array kOptions = {
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

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_member(Writer& writer, const char* key, std::string_view value) {
  writer.Key(key);
  writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void write_field(Writer& writer, const Field& field) {
  writer.StartObject();
  write_member(writer, "name", field.name);
  write_member(writer, "path", field.path);
  writer.Key("aliases");
  writer.StartArray();
  for (std::string_view rest = field.aliases; !rest.empty();) {
    const std::size_t space = std::min(rest.find(' '), rest.size());
    writer.String(rest.data(), static_cast<rapidjson::SizeType>(space));
    rest.remove_prefix(std::min(space + 1, rest.size()));
  }
  writer.EndArray();
  write_member(writer, "type", name(field.type));
  writer.Key("column");
  writer.Bool(field.column);
  writer.Key("many");
  writer.Bool(field.multi);
  write_member(writer, "help", field.help);
  writer.EndObject();
}

void print_json(std::ostream& out) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.StartArray();
  for (const Field& field : fields()) write_field(writer, field);
  writer.EndArray();
  out << buffer.GetString() << '\n';
}

ExitCode run_fields(const Arguments& arguments, Console& console) {
  if (arguments.has("--json")) {
    print_json(console.out);
    return ExitCode::ok;
  }
  TextTable table({{"field"}, {"type"}, {"column"}, {"values"}, {"meaning"}});
  for (const Field& field : fields()) {
    table.add({std::string(field.name), std::string(name(field.type)), field.column ? "yes" : "",
               field.multi ? "many" : "", std::string(field.help)});
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
