#include "cli/quarantine_command.h"

#include <array>
#include <cstdint>
#include <string>

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "cli/terminal.h"
#include "cli/text_table.h"
#include "indexer/quarantine.h"
#include "schema/utf8.h"

namespace trailsift::cli {
namespace {

constexpr std::array kOptions = {
    kDataOption,
    Option{"--json", "", "", Arity::optional, "one object a line, for programs"},
};

constexpr std::array kShowOptions = {
    Option{"ID", "", "", Arity::required, "the entry's id, or its first four digits or more"},
    kDataOption,
    Option{"--raw", "", "", Arity::optional, "write the bytes that were kept, and nothing else"},
};

constexpr std::string_view kDescription =
    "Lists what came and was not indexed, oldest first: its id, when it was seen, the reason, the "
    "file, the byte of the (inflated) file at which it begins, its bytes, and what was wrong. With "
    "--json each line holds the first bytes of it too, as `excerpt`.\n"
    "Indexing the same damaged file again adds nothing to the list.";

constexpr std::string_view kShowDescription =
    "Shows all that is known of an entry of the quarantine list, and its bytes: all that were "
    "kept, or the first ones. What a terminal would obey is shown as escapes; --raw writes the "
    "bytes themselves.";

constexpr std::string_view kShowExamples =
    "  trailsift quarantine show 3f9a --data index\n"
    "  trailsift quarantine show 3f9a --data index --raw > record.json\n";

constexpr std::string_view kExamples =
    "  trailsift quarantine list --data index\n"
    "  trailsift quarantine list --data index --json | jq -r .reason | sort | uniq -c\n";

std::string json_line(const indexer::ListedEntry& entry) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  const auto member = [&](const char* key, std::string_view text) {
    writer.Key(key);
    writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  };
  const auto number = [&](const char* key, std::uint64_t value) {
    writer.Key(key);
    writer.Uint64(value);
  };
  writer.StartObject();
  member("id", entry.id);
  member("seen", format_time(entry.seen));
  member("reason", name(entry.reason));
  member("source", entry.source);
  number("offset", entry.offset);
  number("size", entry.size);
  member("kind", name(entry.kind));
  writer.Key("has_bytes");
  writer.Bool(entry.has_bytes);
  member("detail", entry.detail);
  member("excerpt", to_utf8(entry.excerpt));
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

/// The size, or "" where it is not known.
std::string size_text(const indexer::QuarantineEntry& entry) {
  return entry.size > 0 ? std::to_string(entry.size) : "";
}

ExitCode list_json(const std::string& data, Console& console) {
  const auto listed = indexer::for_each_quarantined(data, [&](const indexer::ListedEntry& entry) {
    console.out << printable_json(json_line(entry)) << '\n';
    return console.out.good();
  });
  return listed ? ExitCode::ok : report(console, listed.error());
}

ExitCode list_table(const std::string& data, Console& console) {
  TextTable table({{.title = "id", .whole = true},
                   {.title = "seen", .whole = true},
                   {.title = "reason", .whole = true},
                   {.title = "source"},
                   {.title = "offset", .align = TextTable::Align::right, .whole = true},
                   {.title = "size", .align = TextTable::Align::right, .whole = true},
                   {.title = "detail"}});
  std::uint64_t count = 0;
  const auto listed = indexer::for_each_quarantined(data, [&](const indexer::ListedEntry& entry) {
    table.add({entry.id, format_time(entry.seen), std::string(name(entry.reason)), entry.source,
               std::to_string(entry.offset), size_text(entry), entry.detail});
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

void show(const indexer::ListedEntry& entry, Console& console) {
  const std::string_view kept = entry.has_bytes ? std::string_view(entry.bytes) : entry.excerpt;
  const auto line = [&](std::string_view title, const std::string& text) {
    console.out << padded_right(title, 8) << printable(text) << '\n';
  };
  line("id", entry.id);
  line("seen", format_time(entry.seen));
  line("reason", std::string(name(entry.reason)) + ": " + entry.detail);
  line("source", entry.source);
  line("offset", std::to_string(entry.offset));
  line("kind", std::string(name(entry.kind)));
  line("size", size_text(entry));
  line("bytes", entry.has_bytes ? "all of them follow"
                                : "not kept; the first " + std::to_string(kept.size()) + " follow");
  console.out << '\n' << printable_lines(kept) << '\n';
}

ExitCode run_quarantine_show(const Arguments& arguments, Console& console) {
  const std::string data = arguments.value("--data");
  const std::string id = arguments.value("ID");
  const auto found = indexer::find_quarantined(data, {&id, 1});
  if (!found) return report(console, found.error());
  const auto entry = indexer::read_quarantined(data, found->front());
  if (!entry) return report(console, entry.error());
  if (!arguments.has("--raw")) {
    show(*entry, console);
    return ExitCode::ok;
  }
  if (!entry->has_bytes) {
    return report(console, {ErrorCode::not_found,
                            "the bytes of '" + entry->id + "' were not kept, only the first ones",
                            {}});
  }
  console.out.write(entry->bytes.data(), static_cast<std::streamsize>(entry->bytes.size()));
  return ExitCode::ok;
}

}  // namespace

const Command& quarantine_show_command() {
  static const Command kCommand{.name = "quarantine show",
                                .summary = "show what was rejected, with its bytes",
                                .description = kShowDescription,
                                .options = kShowOptions,
                                .examples = kShowExamples,
                                .run = run_quarantine_show};
  return kCommand;
}

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
