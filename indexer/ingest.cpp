#include "indexer/ingest.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "indexer/batch_deliveries.h"
#include "indexer/blob_reader.h"
#include "indexer/bounded_queue.h"

namespace trailsift::indexer {
namespace {

constexpr std::chrono::milliseconds kProgressInterval(250);
// Blobs are only names until a worker opens them.
constexpr std::size_t kBlobsAhead = 64;
// So many times as long as a commit takes are events gathered for the next one.
constexpr int kGatherPerCommit = 4;
// A commit that took very long, perhaps for a slow disk, must not hold up the next by as much.
constexpr int kMostGather = 10;
// Deliveries without events wait so many for a batch to be full.
constexpr std::size_t kMostUnrecorded = 10'000;

Timestamp now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::size_t worker_count(const IngestOptions& options) {
  return options.workers > 0 ? options.workers : std::max(1U, std::thread::hardware_concurrency());
}

/// One run: a thread that pulls blobs, and workers that read whole blobs into a batch of their own,
/// build a segment of it when it is full and commit that.
class Run {
 public:
  Run(Source& source, store::Writer& writer, Quarantine& quarantine, const IngestOptions& options)
      : source_(source),
        writer_(writer),
        quarantine_(quarantine),
        options_(options),
        workers_(worker_count(options)),
        batch_bytes_(options.memory_bytes / workers_),
        blobs_(kBlobsAhead) {}

  Result<IngestAccount> run(const std::stop_token& stop);

 private:
  class Worker;

  void start(boost::asio::thread_pool& pool, void (Run::*task)());
  void pull_blobs();
  void read_blobs();
  void count_total();
  void end_task();

  std::unique_ptr<Blob> next_blob(Worker& worker);
  bool list_rejected(BlobAccount& account);
  bool take(const BlobAccount& taken);
  Result<std::vector<char>> commit(store::EventBatch&& batch);
  void tell(const Settlement& settled);
  void record(const std::vector<DeliveryOutcome>& outcomes);
  DeliveryOutcome delivery_of(const Blob& blob) const;
  void take_error(const Error& error);

  void halt();
  void fail_run(Error error);
  void report_until_ended();
  void report_progress();

  Source& source_;
  store::Writer& writer_;
  Quarantine& quarantine_;
  const IngestOptions& options_;
  const std::size_t workers_;
  const std::size_t batch_bytes_;  // Of memory, for one batch.
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  BoundedQueue<std::unique_ptr<Blob>> blobs_;
  std::stop_source halt_;

  std::mutex quarantine_mutex_;  // Guards quarantine_.

  std::mutex mutex_;  // Guards everything below.
  std::condition_variable ended_changed_;
  std::size_t under_way_ = 0;  // Threads that read or commit.
  IngestProgress progress_;
  std::optional<Error> error_;
};

/// What one thread reads.
class Run::Worker : public BlobSink {
 public:
  explicit Worker(Run& run) : run_(run) {}

  store::EventBatch& batch() override { return batch_; }

  bool is_full() const override {
    return batch_.size() >= run_.options_.batch_events ||
           batch_.memory_bytes() >= run_.batch_bytes_;
  }

  void begin(const Blob& blob) {
    if (deliveries_.empty()) first_begun_ = std::chrono::steady_clock::now();
    deliveries_.begin(run_.delivery_of(blob), blob.receipt());
  }

  bool take(BlobAccount account) override {
    if (failed_ || !run_.list_rejected(account)) return false;
    deliveries_.add(account, batch_);
    const bool full = is_full() || (batch_.empty() && deliveries_.ended() >= kMostUnrecorded);
    return run_.take(account) && (!full || commit());
  }

  /// What was begun and did not end by itself was stopped.
  void end() { deliveries_.abandon("stopped before its end"); }

  /// When the events read so far are to be committed, full or not, if nothing more comes.
  std::optional<std::chrono::steady_clock::time_point> commit_due() const {
    const auto& early = run_.options_.commit_early;
    if (!early || deliveries_.empty()) return std::nullopt;
    return early->due(first_begun_, std::chrono::steady_clock::now(), took_);
  }

  /// Begins a new batch; also where only rejected records have filled it. After a failure nothing
  /// is known of the deliveries in it.
  bool commit() {
    if (failed_) return false;
    const auto begun = std::chrono::steady_clock::now();
    const bool more_to_come = is_full();
    const auto kept = run_.commit(std::move(batch_));
    if (more_to_come) {
      batch_.clear();
    } else {
      batch_ = {};  // Nobody knows when its memory is wanted again.
    }
    took_ = std::chrono::steady_clock::now() - begun;
    failed_ = !kept;
    if (failed_) {
      run_.fail_run(kept.error());
    } else {
      run_.tell(deliveries_.settle(*kept, now()));
    }
    return !failed_;
  }

 private:
  Run& run_;
  store::EventBatch batch_;
  BatchDeliveries deliveries_;
  std::chrono::steady_clock::time_point first_begun_;
  std::chrono::steady_clock::duration took_{0};  // Of the last commit.
  bool failed_ = false;
};

Result<IngestAccount> Run::run(const std::stop_token& stop) {
  under_way_ = workers_ + 1;
  const std::stop_callback halt_on_stop(stop, [this] { halt(); });
  boost::asio::thread_pool pool(workers_ + 2);
  start(pool, &Run::pull_blobs);
  for (std::size_t i = 0; i < workers_; ++i) start(pool, &Run::read_blobs);
  if (options_.progress) start(pool, &Run::count_total);
  report_until_ended();
  halt_.request_stop();  // Nobody waits for the total any more.
  pool.join();
  if (!error_) {
    if (auto flushed = quarantine_.flush(); !flushed) error_ = flushed.error();
  }
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
    if (task != &Run::count_total) end_task();
  });
}

void Run::pull_blobs() {
  while (!halt_.stop_requested()) {
    auto blob = source_.next();
    if (blob && *blob == nullptr) break;
    if (!blob) take_error(blob.error());
    if (blob && !blobs_.push(std::move(*blob))) break;
  }
  blobs_.close();
}

void Run::read_blobs() {
  Worker worker(*this);
  BlobReader reader(options_.limits, worker, options_.exclude.get());
  while (const auto blob = next_blob(worker)) {
    worker.begin(*blob);
    reader.read(*blob, halt_.get_token());
    worker.end();
  }
  worker.commit();
}

/// nullptr: there are no more, or nobody wants them.
std::unique_ptr<Blob> Run::next_blob(Worker& worker) {
  while (!halt_.stop_requested()) {
    const auto due = worker.commit_due();
    auto blob = due ? blobs_.pop_until(*due) : blobs_.pop();
    const bool overdue = due && std::chrono::steady_clock::now() >= *due;
    if (overdue && !worker.commit()) break;
    if (blob && !halt_.stop_requested()) return std::move(*blob);
    if (!overdue) break;
  }
  return nullptr;
}

/// A file or folder of the source could not be had, and there is no more to be said of it.
void Run::take_error(const Error& error) {
  BlobAccount account = unreadable("", error);
  DeliveryOutcome delivery;
  delivery.source = options_.source;
  delivery.received = now();
  delivery.finished = delivery.received;
  delivery.state = DeliveryState::failed;
  delivery.counts.read = delivery.counts.rejected = account.rejected.size();
  delivery.error = error.message;
  if (list_rejected(account) && take(account)) record({delivery});
}

DeliveryOutcome Run::delivery_of(const Blob& blob) const {
  DeliveryOutcome delivery;
  delivery.source = blob.source();
  if (delivery.source.empty()) delivery.source = options_.source;
  delivery.object = blob.name();
  if (options_.ledger != nullptr) delivery.etag = blob.etag();
  delivery.received = blob.received().value_or(now());
  return delivery;
}

void Run::count_total() {
  const auto total = source_.total(halt_.get_token());
  const std::lock_guard lock(mutex_);
  progress_.total = total;
}

void Run::end_task() {
  const std::lock_guard lock(mutex_);
  if (--under_way_ == 0) ended_changed_.notify_all();
}

/// Adds to the account what can be told before the commit.
bool Run::take(const BlobAccount& taken) {
  const std::lock_guard lock(mutex_);
  IngestAccount& account = progress_.account;
  progress_.bytes_taken += taken.bytes;
  account.files += taken.begins_log ? 1 : 0;
  account.bytes += taken.skipped ? 0 : taken.bytes;
  account.skipped += taken.skipped ? 1 : 0;
  if (taken.skipped) ++account.skipped_by_kind.at(static_cast<std::size_t>(*taken.skipped));
  account.read += taken.events + taken.filtered + taken.rejected.size();
  account.filtered += taken.filtered;
  account.rejected += taken.rejected.size();
  return !error_;
}

/// False: the list cannot be written, which ends the run.
bool Run::list_rejected(BlobAccount& account) {
  const std::lock_guard lock(quarantine_mutex_);
  for (const QuarantineEntry& entry : account.rejected) {
    const auto added = quarantine_.add(entry);
    if (!added) {
      fail_run(added.error());
      return false;
    }
    account.unlisted = account.unlisted || !*added;
  }
  return true;
}

/// What was rejected beside the events is durable before they are. Tells which of them were kept.
Result<std::vector<char>> Run::commit(store::EventBatch&& batch) {
  {
    const std::lock_guard lock(quarantine_mutex_);
    if (auto flushed = quarantine_.flush(); !flushed) return tl::unexpected(flushed.error());
  }
  if (batch.empty()) return std::vector<char>();
  auto result = writer_.commit(std::move(batch));
  if (!result) return tl::unexpected(result.error());
  const std::lock_guard lock(mutex_);
  progress_.account.indexed += result->indexed;
  progress_.account.duplicates += result->duplicates;
  return std::move(result->kept);
}

void Run::tell(const Settlement& settled) {
  record(settled.outcomes);
  for (std::size_t i = 0; i < settled.outcomes.size(); ++i) {
    if (settled.receipts[i] != nullptr) settled.receipts[i]->settle(settled.outcomes[i]);
  }
}

/// The events are in the store, so a ledger that cannot be written is no reason to end.
void Run::record(const std::vector<DeliveryOutcome>& outcomes) {
  if (options_.ledger == nullptr || outcomes.empty()) return;
  const auto recorded = options_.ledger->record(outcomes);
  if (recorded) return;
  const std::lock_guard lock(mutex_);
  auto& unrecorded = progress_.account.unrecorded;
  if (!unrecorded) unrecorded = recorded.error();
}

/// Ends the reading; what was handed over already is still committed.
void Run::halt() {
  halt_.request_stop();
  blobs_.close();
  source_.interrupt();
}

void Run::fail_run(Error error) {
  {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = std::move(error);
  }
  halt();
}

void Run::report_until_ended() {
  std::unique_lock lock(mutex_);
  while (!ended_changed_.wait_for(lock, kProgressInterval, [this] { return under_way_ == 0; })) {
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

CommitEarly::Clock::time_point CommitEarly::due(Clock::time_point first, Clock::time_point now,
                                                Clock::duration took) const {
  const auto quiet =
      std::max<Clock::duration>(after_quiet, std::min<Clock::duration>(took, after_first));
  const auto longest =
      std::clamp<Clock::duration>(kGatherPerCommit * took, after_first, kMostGather * after_first);
  return std::min(first + longest, now + quiet);
}

Result<IngestAccount> ingest(Source& source, store::Writer& writer, Quarantine& quarantine,
                             const IngestOptions& options, const std::stop_token& stop) {
  Run run(source, writer, quarantine, options);
  return run.run(stop);
}

}  // namespace trailsift::indexer
