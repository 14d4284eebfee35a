#include "cli/quarantine_command.h"

#include <array>
#include <cstdint>
#include <string>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "cli/terminal.h"
#include "cli/text_table.h"
#include "indexer/quarantine.h"

namespace trailsift::cli {
namespace {

constexpr std::array kOptions = {
    kDataOption,
    Option{"--json", "", "", Arity::optional, "one object a line, for programs"},
};

constexpr std::string_view kDescription =
    "Lists what `index` read and did not index, oldest first: when it was seen, the reason, the "
    "file, the byte of the (inflated) file at which it begins, and what was wrong. With --json "
    "each "
    "line holds the first bytes of it too, as `excerpt`.\n"
    "Indexing the same damaged file again adds nothing to the list.";

constexpr std::string_view kExamples =
    "  trailsift quarantine list --data index\n"
    "  trailsift quarantine list --data index --json | jq -r .reason | sort | uniq -c\n";

std::string json_line(const indexer::QuarantineEntry& entry) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  const auto member = [&](const char* key, std::string_view text) {
    writer.Key(key);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  };
  writer.StartObject();
  member("seen", format_time(entry.seen));
  member("reason", name(entry.reason));
  member("source", entry.source);
  writer.Key("offset");
  writer.Uint64(entry.offset);
  member("detail", entry.detail);
  member("excerpt", entry.excerpt);
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

ExitCode list_json(const std::string& data, Console& console) {
  const auto listed =
      indexer::for_each_quarantined(data, [&](const indexer::QuarantineEntry& entry) {
        console.out << printable_json(json_line(entry)) << '\n';
        return console.out.good();
      });
  return listed ? ExitCode::ok : report(console, listed.error());
}

ExitCode list_table(const std::string& data, Console& console) {
  TextTable table({{.title = "seen", .whole = true},
                   {.title = "reason", .whole = true},
                   {.title = "source"},
                   {.title = "offset", .align = TextTable::Align::right, .whole = true},
                   {.title = "detail"}});
  std::uint64_t count = 0;
  const auto listed =
      indexer::for_each_quarantined(data, [&](const indexer::QuarantineEntry& entry) {
        table.add({format_time(entry.seen), std::string(name(entry.reason)), entry.source,
                   std::to_string(entry.offset), entry.detail});
        ++count;
        return true;
      });
  if (!listed) return report(console, listed.error());
  if (count == 0) {
    console.out << "nothing was rejected\n";
    return ExitCode::ok;
  }
  table.print(console.out, {.width = console.out_is_terminal ? console.width : 0,
                            .color = console.out_is_terminal && console.color_wanted});
  return ExitCode::ok;
}

ExitCode run_quarantine_list(const Arguments& arguments, Console& console) {
  const std::string data = arguments.value("--data");
  return arguments.has("--json") ? list_json(data, console) : list_table(data, console);
}

}  // namespace

const Command& quarantine_list_command() {
  static const Command kCommand{.name = "quarantine list",
                                .summary = "list what was rejected, and why",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_quarantine_list};
  return kCommand;
}

}  // namespace trailsift::cli
