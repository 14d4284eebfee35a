#include "cli/stats_command.h"

#include <algorithm>
#include <array>

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "cli/terminal.h"
#include "cli/text_table.h"
#include "store/store.h"

namespace trailsift::cli {
namespace {

constexpr std::array kOptions = {
    kDataOption,
    Option{"--json", "", "", Arity::optional, "one object, for programs"},
};

constexpr std::string_view kDescription =
    "Shows what a data directory holds: its segments, their events and time ranges, and the bytes "
    "of each part. Terms are the inverted index, columns what facets and sorting read, records the "
    "original JSON.";

constexpr std::string_view kExamples =
    "  trailsift stats --data index\n"
    "  trailsift stats --data index --json | jq .events\n";

/// Sums over all segments.
struct Totals {
  std::uint64_t events = 0;
  store::SegmentSize bytes;
  std::optional<Timestamp> oldest, newest;
};

Totals totals_of(const store::Snapshot& snapshot) {
  Totals totals;
  totals.events = snapshot.events();
  for (const auto& segment : snapshot.segments) {
    const store::SegmentSize bytes = segment->bytes();
    totals.bytes.terms += bytes.terms;
    totals.bytes.columns += bytes.columns;
    totals.bytes.records += bytes.records;
    totals.oldest = std::min(totals.oldest.value_or(segment->oldest()), segment->oldest());
    totals.newest = std::max(totals.newest.value_or(segment->newest()), segment->newest());
  }
  return totals;
}

std::uint64_t per_event(std::uint64_t bytes, std::uint64_t events) {
  return events == 0 ? 0 : (bytes + events / 2) / events;
}

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void write_member(Writer& writer, const char* key, std::string_view value) {
  writer.Key(key);
  writer.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
}

void write_member(Writer& writer, const char* key, std::uint64_t value) {
  writer.Key(key);
  writer.Uint64(value);
}

void write_bytes(Writer& writer, const store::SegmentSize& bytes, std::uint64_t events) {
  writer.Key("bytes");
  writer.StartObject();
  write_member(writer, "terms", bytes.terms);
  write_member(writer, "columns", bytes.columns);
  write_member(writer, "records", bytes.records);
  write_member(writer, "total", bytes.total());
  write_member(writer, "per_event", per_event(bytes.total(), events));
  writer.EndObject();
}

void print_json(std::ostream& out, const store::Snapshot& snapshot) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.SetIndent(' ', 2);
  const Totals totals = totals_of(snapshot);
  writer.StartObject();
  write_member(writer, "events", totals.events);
  if (totals.oldest) write_member(writer, "oldest", format_time(*totals.oldest));
  if (totals.newest) write_member(writer, "newest", format_time(*totals.newest));
  write_bytes(writer, totals.bytes, totals.events);
  writer.Key("segments");
  writer.StartArray();
  for (const auto& segment : snapshot.segments) {
    writer.StartObject();
    write_member(writer, "name", segment->name());
    write_member(writer, "events", segment->size());
    write_member(writer, "oldest", format_time(segment->oldest()));
    write_member(writer, "newest", format_time(segment->newest()));
    write_bytes(writer, segment->bytes(), segment->size());
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  out << buffer.GetString() << '\n';
}

void print_totals(std::ostream& out, const store::Snapshot& snapshot) {
  const Totals totals = totals_of(snapshot);
  out << grouped(totals.events) << " events in " << grouped(snapshot.segments.size())
      << " segments\n";
  if (!totals.oldest) return;
  out << "from " << format_time(*totals.oldest) << " to " << format_time(*totals.newest) << "\n\n";

  TextTable table(
      {{"part"}, {"size", TextTable::Align::right}, {"bytes an event", TextTable::Align::right}});
  const std::array<std::pair<const char*, std::uint64_t>, 4> parts = {
      {{"terms", totals.bytes.terms},
       {"columns", totals.bytes.columns},
       {"records", totals.bytes.records},
       {"total", totals.bytes.total()}}};
  for (const auto& [part, bytes] : parts) {
    table.add({part, byte_text(bytes), grouped(per_event(bytes, totals.events))});
  }
  table.print(out, {});
  out << '\n';
}

void print_segments(std::ostream& out, const store::Snapshot& snapshot) {
  constexpr auto kRight = TextTable::Align::right;
  TextTable table({{"segment"},
                   {"events", kRight},
                   {"oldest"},
                   {"newest"},
                   {"size", kRight},
                   {"bytes an event", kRight}});
  for (const auto& segment : snapshot.segments) {
    const std::uint64_t bytes = segment->bytes().total();
    table.add({segment->name(), grouped(segment->size()), format_time(segment->oldest()),
               format_time(segment->newest()), byte_text(bytes),
               grouped(per_event(bytes, segment->size()))});
  }
  table.print(out, {});
}

ExitCode run_stats(const Arguments& arguments, Console& console) {
  const auto reader = store::Reader::open(arguments.value("--data"));
  if (!reader) return report(console, reader.error());
  const auto snapshot = (*reader)->snapshot();
  if (!snapshot) return report(console, snapshot.error());
  if (arguments.has("--json")) {
    print_json(console.out, **snapshot);
    return ExitCode::ok;
  }
  print_totals(console.out, **snapshot);
  if (!(*snapshot)->segments.empty()) print_segments(console.out, **snapshot);
  return ExitCode::ok;
}

}  // namespace

const Command& stats_command() {
  static const Command kCommand{.name = "stats",
                                .summary = "show segments, events, time range and sizes",
                                .description = kDescription,
                                .options = kOptions,
                                .examples = kExamples,
                                .run = run_stats};
  return kCommand;
}

}  // namespace trailsift::cli
