#include "indexer/ingest.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <iterator>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "indexer/blob_reader.h"
#include "indexer/bounded_queue.h"

namespace trailsift::indexer {
namespace {

constexpr std::chrono::milliseconds kProgressInterval(250);
// Blobs are only names until a worker opens them.
constexpr std::size_t kBlobsAhead = 64;
constexpr std::size_t kChunksAheadPerWorker = 8;

std::size_t worker_count(const IngestOptions& options) {
  return options.workers > 0 ? options.workers : std::max(1U, std::thread::hardware_concurrency());
}

/// One run: a thread that pulls blobs, workers that read them, and one that commits.
class Run {
 public:
  Run(Source& source, store::Writer& writer, Quarantine& quarantine, const IngestOptions& options)
      : source_(source),
        writer_(writer),
        quarantine_(quarantine),
        options_(options),
        workers_(worker_count(options)),
        blobs_(kBlobsAhead),
        chunks_(kChunksAheadPerWorker * workers_) {}

  Result<IngestAccount> run(const std::stop_token& stop);

 private:
  void start(boost::asio::thread_pool& pool, void (Run::*task)());
  void pull_blobs();
  void read_blobs();
  void count_total();
  void commit_chunks();
  void end_producer();

  Result<void> take(Chunk chunk);
  Result<void> quarantine_all(const std::vector<QuarantineEntry>& rejected);
  Result<void> commit_batch();

  void halt();
  void fail_run(Error error);
  void report_until_ended();
  void report_progress();

  Source& source_;
  store::Writer& writer_;
  Quarantine& quarantine_;
  const IngestOptions& options_;
  const std::size_t workers_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  BoundedQueue<std::unique_ptr<Blob>> blobs_;
  BoundedQueue<Chunk> chunks_;
  std::stop_source halt_;

  // Of the committing thread alone.
  std::vector<Event> batch_;
  std::size_t batch_bytes_ = 0;

  std::mutex mutex_;  // Guards everything below.
  std::condition_variable ended_changed_;
  bool ended_ = false;
  std::size_t producers_ = 0;  // Threads that may still push chunks.
  IngestProgress progress_;
  std::optional<Error> error_;
};

Result<IngestAccount> Run::run(const std::stop_token& stop) {
  producers_ = workers_ + 1;
  const std::stop_callback halt_on_stop(stop, [this] { halt(); });
  boost::asio::thread_pool pool(workers_ + 3);
  start(pool, &Run::commit_chunks);
  start(pool, &Run::pull_blobs);
  for (std::size_t i = 0; i < workers_; ++i) start(pool, &Run::read_blobs);
  if (options_.progress) start(pool, &Run::count_total);
  report_until_ended();
  halt_.request_stop();  // Nobody waits for the total any more.
  pool.join();
  if (error_) return tl::unexpected(*error_);
  if (options_.progress) report_progress();
  return progress_.account;
}

/// The wall that keeps exceptions of libraries, such as for want of memory, inside their thread.
void Run::start(boost::asio::thread_pool& pool, void (Run::*task)()) {
  boost::asio::post(pool, [this, task] {
    try {
      (this->*task)();
    } catch (const std::exception& e) {
      fail_run({ErrorCode::internal, std::string("cannot go on: ") + e.what(), {}});
    }
    const bool produced = task == &Run::pull_blobs || task == &Run::read_blobs;
    if (produced) end_producer();
    if (task != &Run::commit_chunks) return;
    const std::lock_guard lock(mutex_);
    ended_ = true;
    ended_changed_.notify_all();
  });
}

void Run::pull_blobs() {
  while (!halt_.stop_requested()) {
    auto blob = source_.next();
    if (blob && *blob == nullptr) break;
    const bool wanted =
        blob ? blobs_.push(std::move(*blob)) : chunks_.push(unreadable("", blob.error()));
    if (!wanted) break;
  }
  blobs_.close();
}

void Run::read_blobs() {
  const ChunkSink hand_over = [this](Chunk chunk) { return chunks_.push(std::move(chunk)); };
  while (const auto blob = blobs_.pop()) {
    if (halt_.stop_requested()) return;
    read_blob(**blob, options_.limits, hand_over, halt_.get_token());
  }
}

void Run::count_total() {
  const auto total = source_.total(halt_.get_token());
  const std::lock_guard lock(mutex_);
  progress_.total = total;
}

void Run::end_producer() {
  const std::lock_guard lock(mutex_);
  if (--producers_ == 0) chunks_.close();
}

void Run::commit_chunks() {
  Result<void> done;
  while (done) {
    auto chunk = chunks_.pop();
    if (!chunk) break;
    done = take(std::move(*chunk));
  }
  if (done) done = commit_batch();
  if (done) done = quarantine_.flush();
  if (!done) fail_run(done.error());
}

/// Adds a chunk to the batch, and to the account what can be told before its commit.
Result<void> Run::take(Chunk chunk) {
  if (auto listed = quarantine_all(chunk.rejected); !listed) return listed;
  {
    const std::lock_guard lock(mutex_);
    IngestAccount& account = progress_.account;
    progress_.bytes_taken += chunk.bytes;
    account.files += chunk.begins_log ? 1 : 0;
    account.bytes += chunk.skipped ? 0 : chunk.bytes;
    account.skipped += chunk.skipped ? 1 : 0;
    if (chunk.skipped) ++account.skipped_by_kind.at(static_cast<std::size_t>(*chunk.skipped));
    account.read += chunk.events.size() + chunk.rejected.size();
    account.rejected += chunk.rejected.size();
  }
  for (Event& event : chunk.events) {
    batch_bytes_ += event.json.size();
    batch_.push_back(std::move(event));
  }
  const bool full = batch_.size() >= options_.batch_events || batch_bytes_ >= options_.batch_bytes;
  return full ? commit_batch() : Result<void>();
}

Result<void> Run::quarantine_all(const std::vector<QuarantineEntry>& rejected) {
  for (const QuarantineEntry& entry : rejected) {
    if (auto added = quarantine_.add(entry); !added) return added;
  }
  return {};
}

Result<void> Run::commit_batch() {
  if (auto flushed = quarantine_.flush(); !flushed) return flushed;
  if (batch_.empty()) return {};
  const auto result = writer_.commit(std::exchange(batch_, {}));
  if (!result) return tl::unexpected(result.error());
  batch_bytes_ = 0;
  const std::lock_guard lock(mutex_);
  progress_.account.indexed += result->indexed;
  progress_.account.duplicates += result->duplicates;
  return {};
}

/// Ends the reading; what was handed over already is still committed.
void Run::halt() {
  halt_.request_stop();
  blobs_.close();
}

void Run::fail_run(Error error) {
  {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
  }
  halt();
  chunks_.close();
}

void Run::report_until_ended() {
  std::unique_lock lock(mutex_);
  while (!ended_changed_.wait_for(lock, kProgressInterval, [this] { return ended_; })) {
    if (!options_.progress) continue;
    lock.unlock();
    report_progress();
    lock.lock();
  }
}

/// Called without the lock: the receiver may take its time.
void Run::report_progress() {
  IngestProgress progress;
  {
    const std::lock_guard lock(mutex_);
    progress = progress_;
  }
  progress.elapsed = std::chrono::steady_clock::now() - begin_;
  options_.progress(progress);
}

}  // namespace

Result<IngestAccount> ingest(Source& source, store::Writer& writer, Quarantine& quarantine,
                             const IngestOptions& options, const std::stop_token& stop) {
  Run run(source, writer, quarantine, options);
  return run.run(stop);
}

}  // namespace trailsift::indexer
