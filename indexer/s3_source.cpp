#include "indexer/s3_source.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "indexer/bounded_queue.h"
#include "indexer/memory_budget.h"

namespace trailsift::indexer {
namespace {

// What is fetched waits so long for the reader's queue, which has room for as many.
constexpr std::size_t kMostReady = 64;

/// An object that is here, or the reason why it is not.
class FetchedBlob : public Blob {
 public:
  struct Shares {
    MemoryBudget::Held memory, spool;
  };

  FetchedBlob(std::string name, std::string etag, Result<std::unique_ptr<FetchedObject>> fetched,
              Shares shares)
      : name_(std::move(name)), fetched_(std::move(fetched)), shares_(std::move(shares)) {
    etag_ = fetched_ && !(*fetched_)->etag().empty() ? (*fetched_)->etag() : std::move(etag);
  }

  const std::string& name() const override { return name_; }
  std::string etag() const override { return etag_; }
  std::optional<std::uint64_t> size() const override {
    return fetched_ ? std::optional((*fetched_)->size()) : std::nullopt;
  }
  Result<std::unique_ptr<ByteStream>> open(std::stop_token /*stop*/) const override {
    if (!fetched_) return tl::unexpected(fetched_.error());
    auto bytes = (*fetched_)->open();
    if (bytes == nullptr) return fail(ErrorCode::internal, "'" + name_ + "' was read before");
    return bytes;
  }

 private:
  std::string name_;
  std::string etag_;
  Result<std::unique_ptr<FetchedObject>> fetched_;
  Shares shares_;
};

class FetchingSource : public S3Source {
 public:
  FetchingSource(aws::S3& s3, std::vector<S3Place> places, S3SourceOptions options)
      : s3_(s3),
        places_(std::move(places)),
        options_(std::move(options)),
        listed_(options_.max_listed),
        ready_(kMostReady),
        memory_(options_.max_memory),
        spool_(options_.max_spool_bytes),
        fetching_(std::max<std::size_t>(options_.fetchers, 1)) {
    threads_.emplace_back([this] { guard([this] { list_all(); }); });
    for (std::size_t i = fetching_; i > 0; --i) {
      threads_.emplace_back([this] { guard([this] { fetch_all(); }); });
    }
  }
  ~FetchingSource() override {
    halt();
    for (std::thread& thread : threads_) thread.join();
  }
  FetchingSource(const FetchingSource&) = delete;
  FetchingSource& operator=(const FetchingSource&) = delete;

  Result<std::unique_ptr<Blob>> next() override {
    auto blob = ready_.pop();
    if (!blob || halt_.stop_requested()) return nullptr;
    return std::move(*blob);
  }

  void interrupt() override { halt(); }

  std::optional<Total> total(std::stop_token stop) const override {
    std::unique_lock lock(mutex_);
    listing_ended_.wait(lock, stop, [this] { return has_listed_ || halt_.stop_requested(); });
    if (!has_listed_) return std::nullopt;
    return total_;
  }

  S3SourceFigures figures() const override {
    const std::lock_guard lock(mutex_);
    return figures_;
  }

 private:
  struct Wanted {
    const S3Place* place;
    aws::ListedObject object;
  };

  /// The wall that keeps exceptions of libraries, such as for want of memory, inside their thread.
  template <class Task>
  void guard(const Task& task) {
    try {
      task();
    } catch (const std::exception& e) {
      fail_all({ErrorCode::internal, std::string("cannot go on: ") + e.what(), {}});
    }
  }

  void list_all() {
    for (const S3Place& place : places_) {
      S3Listing listing(s3_, place, options_.choice);
      while (!halt_.stop_requested()) {
        auto page = listing.next(halt_.get_token());
        if (!page && !halt_.stop_requested()) return fail_all(page.error());
        if (!page || !*page) break;
        if (!hand_over(place, std::move(**page))) return;
      }
    }
    listed_.close();
    const std::lock_guard lock(mutex_);
    has_listed_ = !halt_.stop_requested();
    listing_ended_.notify_all();
  }

  /// False once halted.
  bool hand_over(const S3Place& place, std::vector<aws::ListedObject> objects) {
    const std::vector<bool> settled = settled_of(place, objects);
    for (std::size_t i = 0; i < objects.size(); ++i) {
      const std::uint64_t size = objects[i].size;
      if (!settled[i] && !listed_.push({&place, std::move(objects[i])})) return false;
      const std::lock_guard lock(mutex_);
      ++figures_.listed;
      figures_.settled += settled[i] ? 1 : 0;
      total_.files += settled[i] ? 0 : 1;
      total_.bytes += settled[i] ? 0 : size;
    }
    return true;
  }

  std::vector<bool> settled_of(const S3Place& place,
                               const std::vector<aws::ListedObject>& objects) {
    const std::vector<bool> none(objects.size(), false);
    if (options_.ledger == nullptr || objects.empty()) return none;
    std::vector<DeliveryName> names;
    names.reserve(objects.size());
    for (const aws::ListedObject& object : objects) {
      names.push_back({options_.ledger_source, object_name(place.bucket, object.key), object.etag});
    }
    auto settled = options_.ledger->settled(names);
    if (settled) return std::move(*settled);
    options_.ledger = nullptr;
    const std::lock_guard lock(mutex_);
    figures_.unsettled = settled.error();
    return none;
  }

  void fetch_all() {
    while (const auto wanted = listed_.pop()) {
      if (halt_.stop_requested()) break;
      auto blob = fetch(*wanted);
      if (blob == nullptr || !ready_.push(std::move(blob))) break;
    }
    const std::lock_guard lock(mutex_);
    if (--fetching_ == 0) ready_.close();
  }

  /// nullptr once halted.
  std::unique_ptr<Blob> fetch(const Wanted& wanted) {
    ObjectRef object;
    object.bucket = wanted.place->bucket;
    object.key = wanted.object.key;
    object.size = wanted.object.size;
    auto shares = take_shares(wanted.object.size);
    if (!shares) return nullptr;
    auto fetched = fetch_object(s3_, object, options_.fetch_limits, halt_.get_token());
    if (!note(fetched)) return nullptr;
    if (wanted.object.size > options_.fetch_limits.max_memory_bytes) shares->memory = {};
    return std::make_unique<FetchedBlob>(object_name(object.bucket, object.key), wanted.object.etag,
                                         std::move(fetched), std::move(*shares));
  }

  /// First of memory, then of the spool: who has a share of that waits for nothing more.
  std::optional<FetchedBlob::Shares> take_shares(std::uint64_t size) {
    const std::uint64_t most = options_.fetch_limits.max_memory_bytes;
    auto memory = memory_.hold(std::min(size, most), halt_.get_token());
    if (!memory) return std::nullopt;
    FetchedBlob::Shares shares{std::move(*memory), {}};
    if (size <= most) return shares;
    auto spool = spool_.hold(size, halt_.get_token());
    if (!spool) return std::nullopt;
    shares.spool = std::move(*spool);
    return shares;
  }

  /// False once halted.
  bool note(const Result<std::unique_ptr<FetchedObject>>& fetched) {
    if (halt_.stop_requested()) return false;
    std::optional<Error> hopeless;
    {
      const std::lock_guard lock(mutex_);
      was_fetched_ = was_fetched_ || fetched;
      if (fetched) return true;
      ++figures_.unfetched;
      if (!figures_.first_unfetched) figures_.first_unfetched = fetched.error();
      if (was_fetched_ || fetched.error().code != ErrorCode::denied) return true;
      if (++denied_ < options_.most_denied) return true;
      hopeless = fetched.error();
    }
    hopeless->message += ", and so for " + std::to_string(options_.most_denied) +
                         " objects of which none could be fetched";
    fail_all(std::move(*hopeless));
    return false;
  }

  void fail_all(Error error) {
    {
      const std::lock_guard lock(mutex_);
      if (!figures_.failure) figures_.failure = std::move(error);
    }
    halt();
  }

  void halt() {
    halt_.request_stop();
    listed_.close();
    ready_.close();
    const std::lock_guard lock(mutex_);
    listing_ended_.notify_all();
  }

  aws::S3& s3_;
  const std::vector<S3Place> places_;
  S3SourceOptions options_;
  std::stop_source halt_;
  BoundedQueue<Wanted> listed_;
  BoundedQueue<std::unique_ptr<Blob>> ready_;
  MemoryBudget memory_;
  MemoryBudget spool_;  // Of the disk.

  mutable std::mutex mutex_;  // Guards everything below.
  mutable std::condition_variable_any listing_ended_;
  std::size_t fetching_;
  bool has_listed_ = false;
  bool was_fetched_ = false;
  std::uint32_t denied_ = 0;
  Total total_;
  S3SourceFigures figures_;

  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<S3Source> s3_source(aws::S3& s3, std::vector<S3Place> places,
                                    S3SourceOptions options) {
  return std::make_unique<FetchingSource>(s3, std::move(places), std::move(options));
}

}  // namespace trailsift::indexer
