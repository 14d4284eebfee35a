#include "indexer/blob_reader.h"

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "indexer/inflate.h"
#include "indexer/record_reader.h"

namespace trailsift::indexer {
namespace {

// Small enough that many chunks under way take little memory, large enough that handing them over
// costs nothing.
constexpr std::size_t kChunkEvents = 256;
constexpr std::size_t kChunkBytes = 512UL << 10;
constexpr std::size_t kChunkRejected = 64;

Timestamp now() {
  return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

class ChunkBuilder : public RecordSink {
 public:
  ChunkBuilder(const std::string& blob_name, const Inflater& text, const ChunkSink& sink,
               const std::stop_token& stop)
      : blob_name_(blob_name), text_(text), sink_(sink), stop_(stop) {}

  bool on_event(Event event) override {
    static const FieldIndex kLogFile = field_index("log_file");
    add_value(event, kLogFile, blob_name_);
    event_bytes_ += event.json.size();
    chunk_.events.push_back(std::move(event));
    return go_on(chunk_.events.size() >= kChunkEvents || event_bytes_ >= kChunkBytes);
  }

  bool on_rejected(RejectedStretch stretch) override {
    chunk_.rejected.push_back({now(), blob_name_, stretch.offset, stretch.reason,
                               std::move(stretch.detail), std::move(stretch.excerpt)});
    return go_on(chunk_.rejected.size() >= kChunkRejected);
  }

  void finish(FileKind kind) {
    if (dropped_ || stop_.stop_requested()) return;
    if (kind != FileKind::log) chunk_.skipped = kind;
    hand_over();
  }

 private:
  bool go_on(bool full) {
    dropped_ = dropped_ || stop_.stop_requested();
    if (!dropped_ && full) hand_over();
    return !dropped_;
  }

  void hand_over() {
    // A file of which nothing came is unreadable, and no log yet.
    chunk_.begins_log = !begun_ && !chunk_.skipped && text_.bytes_taken() > 0;
    begun_ = begun_ || chunk_.begins_log;
    chunk_.bytes = text_.bytes_taken() - bytes_told_;
    bytes_told_ += chunk_.bytes;
    dropped_ = !sink_(std::exchange(chunk_, {}));
    event_bytes_ = 0;
  }

  const std::string& blob_name_;
  const Inflater& text_;
  const ChunkSink& sink_;
  const std::stop_token& stop_;
  Chunk chunk_;
  std::size_t event_bytes_ = 0;
  std::uint64_t bytes_told_ = 0;
  bool begun_ = false;
  bool dropped_ = false;
};

}  // namespace

void read_blob(const Blob& blob, const IngestLimits& limits, const ChunkSink& sink,
               const std::stop_token& stop) {
  const auto bytes = blob.open(stop);
  if (!bytes) {
    if (!stop.stop_requested()) sink(unreadable(blob.name(), bytes.error()));
    return;
  }
  Inflater text(**bytes, limits);
  ChunkBuilder builder(blob.name(), text, sink, stop);
  builder.finish(read_records(text, limits, builder));
}

Chunk unreadable(const std::string& blob_name, const Error& error) {
  Chunk chunk;
  chunk.rejected.push_back({now(), blob_name, 0, Reject::unreadable, error.message, ""});
  return chunk;
}

}  // namespace trailsift::indexer
