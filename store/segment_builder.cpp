#include "store/segment_builder.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "store/batch_terms.h"
#include "store/column_content.h"
#include "store/columns_writer.h"
#include "store/glass_support.h"
#include "store/glass_writer.h"
#include "store/leaf_postings.h"
#include "store/parallel.h"
#include "store/record_writer.h"
#include "store/term_writer.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

/// A batch in the order of the documents it becomes.
class Documents {
 public:
  explicit Documents(const EventBatch& batch)
      : batch_(batch), order_(in_order(batch)), postings_(batch, order_) {}

  const EventBatch& batch() const { return batch_; }
  const LeafPostings& postings() const { return postings_; }
  /// By document: its row in the batch.
  std::span<const std::uint32_t> order() const { return order_; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(order_.size()); }
  const EventBatch::Row& operator[](DocId doc) const { return batch_.rows()[order_[doc]]; }

 private:
  static std::vector<std::uint32_t> in_order(const EventBatch& batch) {
    const auto rows = batch.rows();
    std::vector<std::uint32_t> order(rows.size());
    std::iota(order.begin(), order.end(), 0U);
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
      return rows[a].time != rows[b].time ? rows[a].time > rows[b].time : rows[a].id < rows[b].id;
    });
    return order;
  }

  const EventBatch& batch_;
  std::vector<std::uint32_t> order_;
  LeafPostings postings_;
};

Result<WrittenFile> write_columns(const fs::path& path, const Documents& documents, bool durable) {
  std::vector<Timestamp> times;
  std::vector<std::string_view> ids;
  for (DocId doc = 0; doc < documents.size(); ++doc) {
    times.push_back(documents[doc].time);
    ids.push_back(documents[doc].id);
  }
  auto writer = ColumnsWriter::create(path, documents.size());
  if (!writer) return tl::unexpected(writer.error());
  if (auto done = writer->add_times(times); !done) return tl::unexpected(done.error());
  if (auto done = writer->add_id_filter(ids); !done) return tl::unexpected(done.error());
  const auto content = columns_of(documents.batch(), documents.postings(), documents.size());
  for (const Field& field : fields()) {
    const auto& column = content.columns[index_of(field)];
    if (column.values.empty()) continue;
    if (auto done = writer->add_column(field, column); !done) return tl::unexpected(done.error());
  }
  return writer->finish(durable);
}

/// In the order in which they came: a file's records have more in common than those of one moment,
/// and stand together in memory.
Result<WrittenFile> write_records(const fs::path& path, const Documents& documents, bool durable) {
  const auto rows = documents.batch().rows();
  const auto count = static_cast<std::uint32_t>(rows.size());
  const auto dictionary = make_dictionary(
      count, [&](std::uint32_t row) -> Result<std::string> { return std::string(rows[row].json); });
  if (!dictionary) return tl::unexpected(dictionary.error());
  auto writer = RecordWriter::create(path);
  if (!writer) return tl::unexpected(writer.error());
  if (auto done = writer->begin_part(*dictionary); !done) return tl::unexpected(done.error());
  for (const auto& row : rows) {
    if (auto done = writer->add(row.json); !done) return tl::unexpected(done.error());
  }
  const auto order = documents.order();
  return writer->finish(std::ranges::is_sorted(order) ? std::span<const std::uint32_t>() : order,
                        durable);
}

Result<WrittenFile> write_bulk_terms(const fs::path& path, const Documents& documents,
                                     bool durable) {
  const BatchTerms terms(documents.batch(), documents.postings());
  auto writer = GlassWriter::create(path, documents.size());
  if (!writer) return tl::unexpected(writer.error());
  const auto written = terms.for_each(
      [&](std::string_view term, std::span<const DocId> docs) { return writer->add(term, docs); });
  if (!written) return tl::unexpected(written.error());
  return writer->finish(durable);
}

Result<WrittenFile> write_reference_terms(const fs::path& segment, const Documents& documents,
                                          const BuildOptions& options) {
  DocumentTerms all(documents.size());
  const auto collected = BatchTerms(documents.batch(), documents.postings())
                             .for_each([&](std::string_view term, std::span<const DocId> docs) {
                               all.add(term, docs);
                               return Result<void>();
                             });
  if (!collected) return tl::unexpected(collected.error());
  const TermsJob job{segment / kTermsFile, segment / "scratch", options.threads};
  if (auto done = write_terms(job, all); !done) return tl::unexpected(done.error());
  return finish_reference_terms(job.output, options.durable);
}

Result<WrittenFile> write_any_terms(const fs::path& segment, const Documents& documents,
                                    const BuildOptions& options) {
  return writes_in_bulk(options)
             ? write_bulk_terms(segment / kTermsFile, documents, options.durable)
             : write_reference_terms(segment, documents, options);
}

}  // namespace

Result<void> build_segment(const fs::path& segment, const EventBatch& batch,
                           const BuildOptions& options) {
  assert(!batch.empty());
  if (auto done = make_directory(segment); !done) return done;
  const Documents documents(batch);
  SegmentInfo info;
  info.events = documents.size();
  info.newest = documents[0].time;
  info.oldest = documents[documents.size() - 1].time;
  // The longest first, so that two threads end at about the same time.
  const auto write_part = [&](std::size_t part) -> Result<void> {
    const auto written =
        part == 0   ? write_records(segment / kRecordsFile, documents, options.durable)
        : part == 1 ? write_any_terms(segment, documents, options)
                    : write_columns(segment / kColumnsFile, documents, options.durable);
    if (!written) return tl::unexpected(written.error());
    (part == 0 ? info.records : part == 1 ? info.terms : info.columns) = *written;
    return {};
  };
  if (auto done = run_parallel(3, 2, write_part); !done) return done;
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
