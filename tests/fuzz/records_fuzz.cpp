// A file of records, read twice: at once, and in pieces whose size the first byte chooses. Both
// must find the same, every stretch must lie behind the one before, and every event must hold. What
// the reader of sound files accepts must be sound, and the same again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "indexer/exclude_filter.h"
#include "indexer/inflate.h"
#include "indexer/record_reader.h"
#include "indexer/sound_records.h"
#include "indexer/whole_file.h"
#include "schema/flatten.h"
#include "store/event_batch.h"

namespace {

using trailsift::Event;
using trailsift::Rejection;
using trailsift::Result;
using namespace trailsift::indexer;

class Pieces : public ByteStream {
 public:
  Pieces(std::span<const std::uint8_t> bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}

  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = std::min({buffer.size(), bytes_.size(), piece_});
    std::copy_n(bytes_.begin(), size, buffer.begin());
    bytes_ = bytes_.subspan(size);
    return size;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t piece_;
};

struct Findings : RecordSink {
  std::vector<std::string> records;
  std::vector<std::pair<std::uint64_t, trailsift::Reject>> rejected;
  FileKind kind = FileKind::empty;

  Event parsed;
  trailsift::store::EventBatch batch;

  /// An event and a batch must agree about every text.
  tl::expected<std::size_t, Rejection> parse(std::string_view text) override {
    auto record = trailsift::parse_record(text);
    auto read = batch.read(text);
    if (record.has_value() != read.has_value()) std::abort();
    if (!read) return read;
    if (*read != record->size) std::abort();
    expect_same_parts(record->event);
    parsed = std::move(record->event);
    return read;
  }
  /// What a filter would be shown of the record.
  void expect_same_parts(const Event& event) const {
    static const trailsift::EventParts kEverything = [] {
      trailsift::EventParts parts;
      for (const auto& field : trailsift::fields()) parts.add(trailsift::index_of(field));
      return parts;
    }();
    const Event same = batch.read_event(kEverything, "");
    if (same.values != event.values || same.leaves != event.leaves) std::abort();
  }

  bool on_record() override {
    if (parsed.id.empty() || parsed.json.empty() || parsed.json.front() != '{') std::abort();
    batch.add_read("");
    const auto& row = batch.rows().back();
    if (row.id != parsed.id || row.time != parsed.time || row.json != parsed.json) std::abort();
    records.push_back(std::move(parsed.json));
    return true;
  }
  bool on_rejected(RejectedStretch stretch) override {
    if (stretch.excerpt.size() > kMaxExcerptBytes) std::abort();
    if (stretch.bytes.size() > kMaxKeptBytes) std::abort();
    if (!stretch.bytes.empty() && stretch.bytes.size() != stretch.size) std::abort();
    if (!rejected.empty() && rejected.back().first > stretch.offset) std::abort();
    rejected.emplace_back(stretch.offset, stretch.reason);
    return true;
  }
};

IngestLimits limits() {
  IngestLimits limits;
  limits.max_record_bytes = 4096;
  limits.max_inflated_bytes = 1UL << 20;
  return limits;
}

Findings read(std::span<const std::uint8_t> file, std::size_t piece) {
  Pieces bytes(file, piece);
  Inflater text(bytes, limits());
  Findings findings;
  findings.kind = read_records(text, limits(), findings);
  return findings;
}

/// Every leaf of a batch, by event.
std::vector<std::string> leaves_of(const trailsift::store::EventBatch& batch) {
  std::vector<std::string> all;
  for (const auto& row : batch.rows()) {
    std::string text(row.json);
    for (const auto leaf : batch.leaves_of(row)) {
      text += '\n' + std::string(batch.path_text(leaf)) + '=' + std::string(batch.value(leaf));
    }
    all.push_back(std::move(text));
  }
  return all;
}

void expect_same_when_sound(std::span<const std::uint8_t> file, const Findings& findings) {
  static WholeFile whole;
  static SoundRecords records(limits());
  Pieces bytes(file, file.size() + 1);
  const auto text = whole.read(bytes, limits());
  trailsift::store::EventBatch batch;
  if (!text || !records.read(*text, "", batch)) return;
  if (findings.kind != FileKind::log || !findings.rejected.empty()) std::abort();
  if (leaves_of(batch) != leaves_of(findings.batch)) std::abort();
}

/// Excludes what seems to be about half of all events, by their time and leaves.
const ExcludeFilter& half() {
  static const ExcludeFilter kHalf = [] {
    ExcludeFilter::Question question;
    question.parts.add(trailsift::field_index("raw"));
    question.excludes = [](const Event& event) { return event.leaves.size() % 2 == 0; };
    return ExcludeFilter{{question}};
  }();
  return kHalf;
}

/// With a filter the reader of sound files must leave out what the other one would.
void expect_same_when_filtered(std::span<const std::uint8_t> file, const Findings& findings) {
  static WholeFile whole;
  static SoundRecords records(limits(), &half());
  Pieces bytes(file, file.size() + 1);
  const auto text = whole.read(bytes, limits());
  trailsift::store::EventBatch batch;
  const auto count = text ? records.read(*text, "", batch) : std::nullopt;
  if (!count) return;
  trailsift::store::EventBatch wanted;
  for (const std::string& record : findings.records) {
    if (!wanted.read(record)) std::abort();
    add_unless_excluded(wanted, "", &half());
  }
  if (leaves_of(batch) != leaves_of(wanted)) std::abort();
  if (count->added + count->filtered != findings.records.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::span<const std::uint8_t> file(data + 1, size - 1);
  const Findings whole = read(file, 1UL << 20);
  const Findings pieces = read(file, data[0] + std::size_t{1});
  if (whole.kind != pieces.kind || whole.records != pieces.records) std::abort();
  if (whole.rejected != pieces.rejected) std::abort();
  const bool nothing = whole.records.empty() && whole.rejected.empty();
  if (whole.kind != FileKind::log && !nothing) std::abort();
  expect_same_when_sound(file, whole);
  expect_same_when_filtered(file, whole);
  return 0;
}
