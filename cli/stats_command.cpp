#include "cli/stats_command.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "cli/answer_json.h"
#include "cli/searcher.h"
#include "cli/server_request.h"
#include "cli/terminal.h"
#include "cli/text_table.h"
#include "server/json_out.h"
#include "server/segment_size_json.h"
#include "store/store.h"

namespace trailsift::cli {
namespace {

constexpr std::array kOptions = {
    kDataOrServerOption,
    kServerOption,
    Option{"--json", "", "", Arity::optional, "one object, for programs"},
};

constexpr std::string_view kDescription =
    "Shows what a data directory holds: its segments, their events and time ranges, and the bytes "
    "of each part. Terms are the inverted index, columns what facets and sorting read, records the "
    "original JSON.";

constexpr std::string_view kExamples =
    "  trailsift stats --data index\n"
    "  trailsift stats --data index --json | jq .events\n";

/// A segment of the store.
struct SegmentRow {
  std::string name;
  std::uint64_t events = 0;
  Timestamp oldest, newest;
  store::SegmentSize bytes;
};

/// Sums over all segments.
struct Totals {
  std::uint64_t events = 0;
  store::SegmentSize bytes;
  std::optional<Timestamp> oldest, newest;
};

Result<std::vector<SegmentRow>> rows_of_data(const std::string& directory) {
  const auto reader = store::Reader::open(directory);
  if (!reader) return tl::unexpected(reader.error());
  const auto snapshot = (*reader)->snapshot();
  if (!snapshot) return tl::unexpected(snapshot.error());
  std::vector<SegmentRow> rows;
  for (const auto& segment : (*snapshot)->segments) {
    rows.push_back(
        {segment->name(), segment->live(), segment->oldest(), segment->newest(), segment->bytes()});
  }
  return rows;
}

Result<SegmentRow> row_of(const Json& told) {
  Members segment(told, "a segment");
  SegmentRow row{segment.text("name"),
                 segment.number("events"),
                 segment.time("oldest"),
                 segment.time("newest"),
                 {}};
  Members bytes(segment.object("bytes"), "bytes");
  row.bytes.terms = bytes.number("terms");
  row.bytes.columns = bytes.number("columns");
  row.bytes.records = bytes.number("records");
  segment.check(bytes.result());
  return segment.result(std::move(row));
}

Result<std::vector<SegmentRow>> rows_of_server(const std::string& url) {
  const auto answer = get_answer(url, "/api/status");
  if (!answer) return tl::unexpected(answer.error());
  Members members(*answer, "the answer");
  auto rows = members.rows("segment_list", row_of);
  return members.result(std::move(rows));
}

Totals totals_of(const std::vector<SegmentRow>& segments) {
  Totals totals;
  for (const SegmentRow& segment : segments) {
    totals.events += segment.events;
    totals.bytes.terms += segment.bytes.terms;
    totals.bytes.columns += segment.bytes.columns;
    totals.bytes.records += segment.bytes.records;
    totals.oldest = std::min(totals.oldest.value_or(segment.oldest), segment.oldest);
    totals.newest = std::max(totals.newest.value_or(segment.newest), segment.newest);
  }
  return totals;
}

std::uint64_t per_event(std::uint64_t bytes, std::uint64_t events) {
  return events == 0 ? 0 : (bytes + events / 2) / events;
}

void write_bytes(server::JsonOut& out, const store::SegmentSize& bytes, std::uint64_t events) {
  out.key("bytes");
  out.begin_object();
  server::write_segment_size(out, bytes);
  out.member("per_event", per_event(bytes.total(), events));
  out.end_object();
}

std::string to_json(const std::vector<SegmentRow>& segments) {
  server::JsonOut out(true);
  const Totals totals = totals_of(segments);
  out.begin_object();
  out.member("events", totals.events);
  if (totals.oldest) out.member("oldest", format_time(*totals.oldest));
  if (totals.newest) out.member("newest", format_time(*totals.newest));
  write_bytes(out, totals.bytes, totals.events);
  out.key("segments");
  out.begin_array();
  for (const SegmentRow& segment : segments) {
    out.begin_object();
    out.member("name", segment.name);
    out.member("events", segment.events);
    out.member("oldest", format_time(segment.oldest));
    out.member("newest", format_time(segment.newest));
    write_bytes(out, segment.bytes, segment.events);
    out.end_object();
  }
  out.end_array();
  out.end_object();
  return out.text();
}

void print_totals(std::ostream& out, const std::vector<SegmentRow>& segments) {
  const Totals totals = totals_of(segments);
  out << grouped(totals.events) << " events in " << grouped(segments.size()) << " segments\n";
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

void print_segments(std::ostream& out, const std::vector<SegmentRow>& segments) {
  constexpr auto kRight = TextTable::Align::right;
  TextTable table({{"segment"},
                   {"events", kRight},
                   {"oldest"},
                   {"newest"},
                   {"size", kRight},
                   {"bytes an event", kRight}});
  for (const SegmentRow& segment : segments) {
    const std::uint64_t bytes = segment.bytes.total();
    table.add({segment.name, grouped(segment.events), format_time(segment.oldest),
               format_time(segment.newest), byte_text(bytes),
               grouped(per_event(bytes, segment.events))});
  }
  table.print(out, {});
}

ExitCode run_stats(const Arguments& arguments, Console& console) {
  const auto source = read_source(arguments, console);
  if (!source) return report_usage(console, "stats", source.error());
  const auto segments =
      source->server.empty() ? rows_of_data(source->data) : rows_of_server(source->server);
  if (!segments) return report_source(console, "stats", segments.error());
  if (arguments.has("--json")) {
    console.out << printable_lines(to_json(*segments)) << '\n';
    return ExitCode::ok;
  }
  print_totals(console.out, *segments);
  if (!segments->empty()) print_segments(console.out, *segments);
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
