#include "store/segment_builder.h"

#include <algorithm>
#include <cassert>
#include <span>
#include <string_view>
#include <thread>
#include <utility>

#include "store/column_content.h"
#include "store/columns_writer.h"
#include "store/glass_support.h"
#include "store/glass_writer.h"
#include "store/inverted_index.h"
#include "store/parallel.h"
#include "store/record_writer.h"
#include "store/term_writer.h"
#include "store/terms.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEventsAtOnce = 1024;

Result<WrittenFile> write_columns(const fs::path& path, std::span<const Event> events,
                                  bool durable) {
  std::vector<Timestamp> times;
  std::vector<std::string_view> ids;
  for (const auto& event : events) {
    times.push_back(event.time);
    ids.push_back(event.id);
  }
  auto writer = ColumnsWriter::create(path, static_cast<std::uint32_t>(events.size()));
  if (!writer) return tl::unexpected(writer.error());
  if (auto done = writer->add_times(times); !done) return tl::unexpected(done.error());
  if (auto done = writer->add_id_filter(ids); !done) return tl::unexpected(done.error());
  const auto columns = columns_of(events);
  for (const Field& field : fields()) {
    const auto& column = columns[index_of(field)];
    if (column.values.empty()) continue;
    if (auto done = writer->add_column(field, column); !done) return tl::unexpected(done.error());
  }
  return writer->finish(durable);
}

Result<WrittenFile> write_records(const fs::path& path, std::span<const Event> events,
                                  bool durable) {
  const auto doc_count = static_cast<std::uint32_t>(events.size());
  const auto dictionary = sample_records(
      doc_count, [&](std::uint32_t doc) -> Result<std::string> { return events[doc].json; });
  if (!dictionary) return tl::unexpected(dictionary.error());
  auto writer = RecordWriter::create(path, *dictionary);
  if (!writer) return tl::unexpected(writer.error());
  for (const auto& event : events) {
    if (auto done = writer->add(event.json); !done) return tl::unexpected(done.error());
  }
  return writer->finish(durable);
}

/// Writes columns and records, and notes what is known of them in `info`.
Result<void> write_stored(const fs::path& segment, std::span<const Event> events, bool durable,
                          SegmentInfo& info) {
  const auto columns = write_columns(segment / kColumnsFile, events, durable);
  if (!columns) return tl::unexpected(columns.error());
  const auto records = write_records(segment / kRecordsFile, events, durable);
  if (!records) return tl::unexpected(records.error());
  info.columns = *columns;
  info.records = *records;
  return {};
}

/// Making terms takes longer than collecting them, so threads make those of many events at once.
Result<InvertedIndex> invert(std::span<const Event> events, unsigned threads) {
  InvertedIndex index;
  std::vector<std::vector<std::string>> terms(std::min(events.size(), kEventsAtOnce));
  for (std::size_t begin = 0; begin < events.size(); begin += terms.size()) {
    const std::size_t count = std::min(terms.size(), events.size() - begin);
    const auto make = [&](std::size_t i) -> Result<void> {
      terms[i] = terms_of(events[begin + i]);
      return {};
    };
    if (auto done = run_parallel(count, threads, make); !done) {
      return tl::unexpected(done.error());
    }
    for (std::size_t i = 0; i < count; ++i) index.add(terms[i], static_cast<DocId>(begin + i));
  }
  return index;
}

Result<WrittenFile> write_bulk_terms(const fs::path& path, std::span<const Event> events,
                                     const BuildOptions& options) {
  const auto index = invert(events, options.threads);
  if (!index) return tl::unexpected(index.error());
  auto writer = GlassWriter::create(path, static_cast<std::uint32_t>(events.size()));
  if (!writer) return tl::unexpected(writer.error());
  const auto written = index->for_each_in_order(
      [&](std::string_view term, std::span<const DocId> docs) { return writer->add(term, docs); });
  if (!written) return tl::unexpected(written.error());
  return writer->finish(options.durable);
}

Result<WrittenFile> write_reference_terms(const fs::path& segment, std::span<const Event> events,
                                          const BuildOptions& options) {
  const TermsJob job{segment / kTermsFile, segment / "scratch", options.threads};
  const auto terms = [&](std::uint32_t doc) -> Result<std::vector<std::string>> {
    return terms_of(events[doc]);
  };
  const auto doc_count = static_cast<std::uint32_t>(events.size());
  if (auto done = write_terms(job, doc_count, terms); !done) return tl::unexpected(done.error());
  return finish_reference_terms(job.output, options.durable);
}

Result<void> write_indexed(const fs::path& segment, std::span<const Event> events,
                           const BuildOptions& options, SegmentInfo& info) {
  const auto terms = writes_in_bulk(options)
                         ? write_bulk_terms(segment / kTermsFile, events, options)
                         : write_reference_terms(segment, events, options);
  if (!terms) return tl::unexpected(terms.error());
  info.terms = *terms;
  return {};
}

}  // namespace

bool stands_before(const Event& a, const Event& b) {
  return a.time != b.time ? a.time > b.time : a.id < b.id;
}

Result<void> build_segment(const fs::path& segment, std::vector<Event> events,
                           const BuildOptions& options) {
  assert(!events.empty());
  std::ranges::sort(events, stands_before);
  if (auto done = make_directory(segment); !done) return done;

  SegmentInfo info;
  info.events = static_cast<std::uint32_t>(events.size());
  info.newest = events.front().time;
  info.oldest = events.back().time;
  Result<void> stored;
  Result<void> indexed;
  {
    const std::jthread beside(
        [&] { stored = write_stored(segment, events, options.durable, info); });
    indexed = write_indexed(segment, events, options, info);
  }
  if (!stored) return stored;
  if (!indexed) return indexed;
  return finish_segment(segment, info, options.durable);
}

bool writes_in_bulk(const BuildOptions& options) {
  return options.terms_writer == TermsWriter::bulk && glass_layout_is_tested();
}

Result<WrittenFile> finish_reference_terms(const fs::path& path, bool durable) {
  if (durable) {
    if (auto done = sync_file(path); !done) return tl::unexpected(done.error());
  }
  return measure_file(path);
}

Result<void> finish_segment(const fs::path& segment, const SegmentInfo& info, bool durable) {
  if (auto done = write_segment_info(segment, info, durable); !done) return done;
  return durable ? sync_directory(segment) : Result<void>();
}

}  // namespace trailsift::store
