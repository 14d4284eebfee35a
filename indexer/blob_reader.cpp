#include "indexer/blob_reader.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "indexer/inflate.h"
#include "indexer/record_reader.h"

namespace trailsift::indexer {
namespace {

// What was rejected takes memory.
constexpr std::size_t kMostRejected = 64;
constexpr std::size_t kMostRejectedBytes = 4UL << 20;

/// What has no place of its own in a file's text: trying again takes the file.
bool is_of_file(Reject reason) {
  switch (reason) {
    case Reject::gzip_corrupt:
    case Reject::gzip_truncated:
    case Reject::gzip_checksum:
    case Reject::inflate_ratio:
    case Reject::inflate_size: return true;
    default: return false;
  }
}

Timestamp now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

class BlobRecords : public RecordSink {
 public:
  BlobRecords(const std::string& blob_name, const WholeFile& file, const Inflater& text,
              BlobSink& sink, const ExcludeFilter* filter, const std::stop_token& stop)
      : blob_name_(blob_name),
        file_(file),
        text_(text),
        sink_(sink),
        filter_(filter),
        stop_(stop),
        whole_(sink.batch().size()) {}

  tl::expected<std::size_t, Rejection> parse(std::string_view text) override {
    auto read = sink_.batch().read(text);
    in_between_ = read.has_value();
    return read;
  }

  bool on_record() override {
    const bool added = add_unless_excluded(sink_.batch(), blob_name_, filter_);
    in_between_ = false;
    ++(added ? account_.events : account_.filtered);
    return go_on(sink_.is_full());
  }

  bool on_rejected(RejectedStretch stretch) override {
    account_.unreadable = account_.unreadable || stretch.reason == Reject::unreadable;
    account_.rejected.push_back(entry_of(std::move(stretch)));
    rejected_bytes_ += account_.rejected.back().bytes.size();
    // What was parsed and may become an event is in the batch, which must stay.
    const bool full = account_.rejected.size() >= kMostRejected ||
                      rejected_bytes_ >= kMostRejectedBytes || sink_.is_full();
    return go_on(full && !in_between_);
  }

  void finish(FileKind kind) {
    if (kind != FileKind::log) account_.skipped = kind;
    account_.ends = true;
    if (go_on(true)) return;
    sink_.batch().truncate(whole_);
  }

 private:
  QuarantineEntry entry_of(RejectedStretch stretch) const {
    QuarantineEntry entry{now(),
                          blob_name_,
                          stretch.offset,
                          stretch.reason,
                          std::move(stretch.detail),
                          std::move(stretch.excerpt),
                          QuarantinedAs::stretch,
                          std::move(stretch.bytes),
                          stretch.size};
    if (is_of_file(entry.reason)) {
      const bool whole = file_.ended() && *file_.ended();
      const std::span<const char> bytes = file_.taken();
      entry.kind = QuarantinedAs::file;
      entry.bytes.clear();
      if (whole && bytes.size() <= kMaxKeptBytes) entry.bytes.assign(bytes.begin(), bytes.end());
      entry.size = whole ? bytes.size() : 0;
    }
    return entry;
  }

  bool go_on(bool hand_over_now) {
    dropped_ = dropped_ || stop_.stop_requested();
    if (!dropped_ && hand_over_now) hand_over();
    return !dropped_;
  }

  void hand_over() {
    // A file of which nothing came is unreadable, and no log yet.
    account_.begins_log = !begun_ && !account_.skipped && text_.bytes_taken() > 0;
    begun_ = begun_ || account_.begins_log;
    account_.bytes = text_.bytes_taken() - bytes_told_;
    bytes_told_ += account_.bytes;
    rejected_bytes_ = 0;
    dropped_ = !sink_.take(std::exchange(account_, {}));
    whole_ = sink_.batch().size();
  }

  const std::string& blob_name_;
  const WholeFile& file_;
  const Inflater& text_;
  BlobSink& sink_;
  const ExcludeFilter* const filter_;
  const std::stop_token& stop_;
  BlobAccount account_;
  std::size_t rejected_bytes_ = 0;
  std::size_t whole_;  // Events of the batch that are accounted for.
  std::uint64_t bytes_told_ = 0;
  bool in_between_ = false;  // parse() and on_record().
  bool begun_ = false;
  bool dropped_ = false;
};

}  // namespace

void BlobReader::read(const Blob& blob, const std::stop_token& stop) {
  const auto bytes = blob.open(stop);
  if (!bytes) {
    if (!stop.stop_requested()) sink_.take(unreadable(blob.name(), bytes.error()));
    return;
  }
  if (read_at_once(blob.name(), **bytes)) return;
  ReplayedStream from_the_beginning(file_, **bytes);
  Inflater text(from_the_beginning, limits_);
  BlobRecords records(blob.name(), file_, text, sink_, filter_, stop);
  records.finish(read_records(text, limits_, records));
}

/// Nearly all files are small and sound: one look at the whole, and what it says is true.
bool BlobReader::read_at_once(const std::string& blob_name, ByteStream& bytes) {
  const auto text = file_.read(bytes, limits_);
  if (!text) return false;
  const auto count = records_.read(*text, blob_name, sink_.batch());
  if (!count) return false;
  BlobAccount account;
  account.events = count->added;
  account.filtered = count->filtered;
  account.bytes = file_.taken().size();
  account.begins_log = true;
  account.ends = true;
  sink_.take(std::move(account));
  return true;
}

BlobAccount unreadable(const std::string& blob_name, const Error& error) {
  BlobAccount account;
  account.unreadable = account.ends = true;
  account.rejected.push_back({now(), blob_name, 0, Reject::unreadable, error.message, ""});
  return account;
}

}  // namespace trailsift::indexer
