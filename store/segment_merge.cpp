#include "store/segment_merge.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "store/column_merge.h"
#include "store/columns_writer.h"
#include "store/live_segment.h"
#include "store/merge_order.h"
#include "store/record_reader.h"
#include "store/record_writer.h"
#include "store/term_merge.h"
#include "store/term_writer.h"

namespace trailsift::store {
namespace {

namespace fs = std::filesystem;

/// One merge under way.
class Merge {
 public:
  Merge(fs::path output, std::vector<MergeInput> inputs, const BuildOptions& options)
      : output_(std::move(output)), inputs_(std::move(inputs)), options_(options) {
    std::ranges::stable_sort(inputs_, std::greater(),
                             [](const MergeInput& input) { return input.segment->newest(); });
  }

  Result<void> run();

 private:
  using Step = Result<void> (Merge::*)();
  Result<void> find_order();
  Result<void> merge_columns_file();
  Result<void> merge_records();
  Result<void> merge_terms();

  Result<void> add_times_and_ids(ColumnsWriter& writer) const;
  Result<void> add_column(ColumnsWriter& writer, const Field& field) const;
  using Readers = std::vector<std::unique_ptr<RecordReader>>;
  Result<WrittenFile> append_records(RecordWriter& writer, const Readers& readers) const;
  Result<WrittenFile> compress_records(RecordWriter& writer, const Readers& readers) const;
  Result<WrittenFile> merge_terms_in_bulk() const;
  Result<WrittenFile> merge_reference_terms() const;
  Result<void> interleave_terms(const TermsJob& job) const;
  std::vector<std::vector<DocId>> new_docs() const;
  bool some_dropped() const {
    return std::ranges::any_of(
        inputs_, [](const MergeInput& input) { return !input.segment->deleted().empty(); });
  }

  const fs::path output_;
  std::vector<MergeInput> inputs_;
  const BuildOptions options_;
  std::vector<MergedDoc> order_;
  SegmentInfo info_;
};

Result<void> Merge::run() {
  if (auto done = make_directory(output_); !done) return done;
  for (const Step step : {&Merge::find_order, &Merge::merge_columns_file, &Merge::merge_records,
                          &Merge::merge_terms}) {
    if (auto done = (this->*step)(); !done) return done;
  }
  return finish_segment(output_, info_, options_.durable);
}

Result<void> Merge::find_order() {
  auto order = merge_order(inputs_);
  if (!order) return tl::unexpected(order.error());
  if (order->size() > std::numeric_limits<std::uint32_t>::max() - 1) {
    return fail(ErrorCode::too_large, "cannot merge more events than a segment can number");
  }
  order_ = std::move(*order);
  info_.events = static_cast<std::uint32_t>(order_.size());
  if (order_.empty()) return fail(ErrorCode::internal, "cannot merge segments without events");
  const auto time_at = [this](const MergedDoc& at) {
    return inputs_[at.input].segment->time(at.doc);
  };
  const auto newest = time_at(order_.front());
  const auto oldest = time_at(order_.back());
  if (!newest) return tl::unexpected(newest.error());
  if (!oldest) return tl::unexpected(oldest.error());
  info_.newest = *newest;
  info_.oldest = *oldest;
  return {};
}

Result<void> Merge::merge_columns_file() {
  auto writer = ColumnsWriter::create(output_ / kColumnsFile, info_.events);
  if (!writer) return tl::unexpected(writer.error());
  if (auto done = add_times_and_ids(*writer); !done) return done;
  for (const Field& field : fields()) {
    if (!has_column_section(field)) continue;
    if (auto done = add_column(*writer, field); !done) return done;
  }
  const auto written = writer->finish(options_.durable);
  if (!written) return tl::unexpected(written.error());
  info_.columns = *written;
  return {};
}

Result<void> Merge::add_times_and_ids(ColumnsWriter& writer) const {
  std::vector<Timestamp> times;
  for (const auto& [input, doc] : order_) {
    const auto time = inputs_[input].segment->time(doc);
    if (!time) return tl::unexpected(time.error());
    times.push_back(*time);
  }
  if (auto done = writer.add_times(times); !done) return done;
  Arena texts;
  std::vector<std::string_view> ids;
  for (const auto& input : inputs_) {
    const auto column = input.segment->column(event_id_field());
    if (!column) return tl::unexpected(column.error());
    // merge_order() has seen to it that there is one.
    const auto gone = deleted_ids(*input.segment, **column);
    for (Dictionary::Cursor id((*column)->dictionary()); !id.at_end(); id.next()) {
      if (gone.empty() || !gone[id.rank()]) ids.push_back(texts.add(id.value()));
    }
  }
  return writer.add_id_filter(ids);
}

Result<void> Merge::add_column(ColumnsWriter& writer, const Field& field) const {
  std::vector<const Column*> columns;
  for (const auto& input : inputs_) {
    const auto column = input.segment->column(index_of(field));
    if (!column) return tl::unexpected(column.error());
    columns.push_back(*column);
  }
  Arena texts;
  const auto merged = merge_columns(field.type, columns, order_, some_dropped(), texts);
  return merged.values.empty() ? Result<void>() : writer.add_column(field, merged);
}

/// Blocks of large inputs are taken over as they are: compressing them again would cost more than
/// all the rest. Small inputs pay, as a dictionary for few records takes much room.
Result<void> Merge::merge_records() {
  constexpr DocId kLeastPerDictionary = 20'000;
  Readers readers;
  bool large = !some_dropped();  // Blocks have what was deleted, too.
  for (const auto& input : inputs_) {
    auto reader = RecordReader::open(input.directory / kRecordsFile);
    if (!reader) return tl::unexpected(reader.error());
    large = large && (*reader)->doc_count() / (*reader)->parts().size() >= kLeastPerDictionary;
    readers.push_back(std::move(*reader));
  }
  auto writer = RecordWriter::create(output_ / kRecordsFile);
  if (!writer) return tl::unexpected(writer.error());
  const auto written =
      large ? append_records(*writer, readers) : compress_records(*writer, readers);
  if (!written) return tl::unexpected(written.error());
  info_.records = *written;
  return {};
}

Result<WrittenFile> Merge::append_records(RecordWriter& writer, const Readers& readers) const {
  std::vector<std::uint32_t> begins;
  std::uint32_t begin = 0;
  for (const auto& reader : readers) {
    begins.push_back(std::exchange(begin, begin + reader->doc_count()));
    if (auto done = writer.append(*reader); !done) return tl::unexpected(done.error());
  }
  std::vector<std::uint32_t> order;
  for (const auto& [input, doc] : order_) {
    const auto number = readers[input]->number(doc);
    if (!number) return tl::unexpected(number.error());
    order.push_back(begins[input] + *number);
  }
  return writer.finish(order, options_.durable);
}

Result<WrittenFile> Merge::compress_records(RecordWriter& writer, const Readers& readers) const {
  const auto record = [&](std::uint32_t at) {
    return readers[order_[at].input]->record(order_[at].doc);
  };
  const auto dictionary = make_dictionary(info_.events, record);
  if (!dictionary) return tl::unexpected(dictionary.error());
  if (auto done = writer.begin_part(*dictionary); !done) return tl::unexpected(done.error());
  for (std::uint32_t at = 0; at < info_.events; ++at) {
    const auto json = record(at);
    if (!json) return tl::unexpected(json.error());
    if (auto done = writer.add(*json); !done) return tl::unexpected(done.error());
  }
  return writer.finish({}, options_.durable);
}

Result<void> Merge::merge_terms() {
  const auto written = writes_in_bulk(options_) ? merge_terms_in_bulk() : merge_reference_terms();
  if (!written) return tl::unexpected(written.error());
  info_.terms = *written;
  return {};
}

Result<WrittenFile> Merge::merge_terms_in_bulk() const {
  std::vector<TermsInput> terms;
  auto new_docs = this->new_docs();
  for (std::size_t input = 0; input < inputs_.size(); ++input) {
    terms.push_back({inputs_[input].directory / kTermsFile, std::move(new_docs[input])});
  }
  return store::merge_terms(output_ / kTermsFile, terms, info_.events, options_.durable);
}

/// Concatenation is what Xapian's compaction does. Documents that interleave are written anew.
Result<WrittenFile> Merge::merge_reference_terms() const {
  const TermsJob job{output_ / kTermsFile, output_ / "scratch", options_.threads};
  std::vector<fs::path> files;
  for (const auto& input : inputs_) files.push_back(input.directory / kTermsFile);
  const auto written = is_concatenation(inputs_) && !some_dropped()
                           ? join_terms(job, files, info_.events)
                           : interleave_terms(job);
  if (!written) return tl::unexpected(written.error());
  return finish_reference_terms(job.output, options_.durable);
}

/// Takes the inputs' terms apart by document: Xapian writes documents.
Result<void> Merge::interleave_terms(const TermsJob& job) const {
  DocumentTerms all(info_.events);
  const auto new_docs = this->new_docs();
  for (std::size_t input = 0; input < inputs_.size(); ++input) {
    const auto reader = inputs_[input].segment->terms();
    if (!reader) return tl::unexpected(reader.error());
    std::vector<std::string> terms;
    const auto collect = [&](std::string_view term, std::uint32_t /*frequency*/) {
      terms.emplace_back(term);
      return true;
    };
    if (auto done = (*reader)->for_each_term("", collect); !done) return done;
    for (const auto& term : terms) {
      std::vector<DocId> docs;
      if (auto done = (*reader)->documents(term, docs); !done) return done;
      for (DocId& doc : docs) doc = new_docs[input][doc];
      std::erase(docs, kDropped);
      if (!docs.empty()) all.add(term, docs);
    }
  }
  return write_terms(job, all);
}

/// Of each input: what becomes of its documents.
std::vector<std::vector<DocId>> Merge::new_docs() const {
  std::vector<std::vector<DocId>> docs;
  for (const auto& input : inputs_) docs.emplace_back(input.segment->size(), kDropped);
  for (DocId doc = 0; doc < order_.size(); ++doc) docs[order_[doc].input][order_[doc].doc] = doc;
  return docs;
}

}  // namespace

Result<void> merge_segments(const fs::path& output, const std::vector<MergeInput>& inputs,
                            const BuildOptions& options) {
  return Merge(output, inputs, options).run();
}

}  // namespace trailsift::store
