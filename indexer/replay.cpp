#include "indexer/replay.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "indexer/batch_deliveries.h"
#include "indexer/blob_reader.h"

namespace trailsift::indexer {
namespace {

constexpr std::size_t kBatchBytes = 64UL << 20;
constexpr std::string_view kSource = "quarantine";

Timestamp now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

class BytesStream final : public ByteStream {
 public:
  explicit BytesStream(std::string_view bytes) : rest_(bytes) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    const std::size_t size = rest_.copy(buffer.data(), buffer.size());
    rest_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view rest_;
};

class EntryBlob final : public Blob {
 public:
  explicit EntryBlob(const ListedEntry& entry) : entry_(entry) {}
  const std::string& name() const override { return entry_.source; }
  std::optional<std::uint64_t> size() const override { return entry_.bytes.size(); }
  Result<std::unique_ptr<ByteStream>> open(std::stop_token /*stop*/) const override {
    return std::make_unique<BytesStream>(entry_.bytes);
  }

 private:
  const ListedEntry& entry_;
};

class Replay final : public BlobSink {
 public:
  Replay(const std::filesystem::path& data_directory, store::Writer& writer,
         const ReplayOptions& options)
      : data_directory_(data_directory), writer_(writer), options_(options) {}

  /// False: a failure ended it.
  bool replay(const ListedEntry& entry, const std::stop_token& stop);
  bool commit();
  Result<ReplayAccount> account() const {
    if (error_) return tl::unexpected(*error_);
    return account_;
  }

  store::EventBatch& batch() override { return batch_; }
  bool is_full() const override {
    return batch_.size() >= options_.batch_events || batch_.memory_bytes() >= kBatchBytes;
  }
  bool take(BlobAccount account) override;

 private:
  struct Outcome {
    std::uint64_t events = 0;
    std::string why_not;  ///< The first rejection.
    bool ended = false;
  };
  void replay_message(const ListedEntry& entry, const std::stop_token& stop);
  void keep(const ListedEntry& entry, std::string_view why);
  Result<void> commit_batch();

  const std::filesystem::path& data_directory_;
  store::Writer& writer_;
  const ReplayOptions& options_;
  store::EventBatch batch_;
  BatchDeliveries deliveries_;
  Outcome outcome_;                    // Of the entry that is being read.
  std::vector<std::string> replayed_;  // Their events stand in the batch, or in the store.
  ReplayAccount account_;
  std::optional<Error> error_;
};

bool Replay::replay(const ListedEntry& entry, const std::stop_token& stop) {
  ++account_.entries;
  if (!entry.has_bytes) {
    keep(entry, "its bytes were not kept: index where it came from again");
    return true;
  }
  if (entry.kind == QuarantinedAs::message && options_.intake != nullptr) {
    replay_message(entry, stop);
    return true;
  }
  DeliveryOutcome delivery;
  delivery.source = kSource;
  delivery.object = entry.source;
  delivery.etag = entry.id;
  delivery.received = now();
  deliveries_.begin(std::move(delivery));
  outcome_ = {};
  BlobReader(options_.limits, *this).read(EntryBlob(entry), stop);
  deliveries_.abandon("stopped before its end");
  if (error_) return false;
  if (!outcome_.ended) {
    --account_.entries;  // Stopped: nothing is known of it.
    return true;
  }
  if (!outcome_.why_not.empty() || outcome_.events == 0) {
    keep(entry, outcome_.why_not.empty() ? "there is no CloudTrail record in it"
                                         : std::string_view(outcome_.why_not));
    return true;
  }
  replayed_.push_back(entry.id);
  ++account_.replayed;
  return true;
}

/// What a message says is done or not, as a whole; single records that are rejected have entries of
/// their own by then.
void Replay::replay_message(const ListedEntry& entry, const std::stop_token& stop) {
  IncomingMessage message;
  message.source = kSource;
  message.name = entry.source;
  message.body = entry.bytes;
  message.attempt = 0;  // Else it could be listed as itself again, and then be dropped.
  std::promise<MessageOutcome> told;
  auto outcome = told.get_future();
  if (!options_.intake->wait_for_room(1, stop)) return keep(entry, "stopped before its end");
  const auto taken = options_.intake->submit(
      std::move(message), [&told](MessageOutcome what) { told.set_value(std::move(what)); });
  if (!taken) return keep(entry, taken.error().message);
  const MessageOutcome became = outcome.get();
  if (became.error) return keep(entry, became.error->message);
  account_.indexed += became.counts.indexed;
  account_.duplicates += became.counts.duplicates;
  replayed_.push_back(entry.id);
  ++account_.replayed;
}

bool Replay::take(BlobAccount account) {
  deliveries_.add(account, batch_);
  outcome_.events += account.events;
  outcome_.ended = account.ends;
  if (outcome_.why_not.empty() && !account.rejected.empty()) {
    const QuarantineEntry& first = account.rejected.front();
    outcome_.why_not = std::string(name(first.reason)) + ": " + first.detail;
  }
  return !is_full() || commit();
}

void Replay::keep(const ListedEntry& entry, std::string_view why) {
  ++account_.kept;
  if (options_.on_kept) options_.on_kept(entry, why);
}

bool Replay::commit() {
  const auto done = commit_batch();
  if (!done && !error_) error_ = done.error();
  return done.has_value();
}

Result<void> Replay::commit_batch() {
  std::vector<char> kept;
  if (!batch_.empty()) {
    auto result = writer_.commit(std::exchange(batch_, {}));
    if (!result) {
      deliveries_ = {};
      return tl::unexpected(result.error());
    }
    account_.indexed += result->indexed;
    account_.duplicates += result->duplicates;
    kept = std::move(result->kept);
  }
  auto outcomes = deliveries_.settle(kept, now()).outcomes;
  std::erase_if(outcomes, [](const DeliveryOutcome& outcome) {
    return outcome.counts.indexed + outcome.counts.duplicates == 0;
  });
  if (options_.ledger != nullptr) {
    if (auto recorded = options_.ledger->record(outcomes); !recorded) return recorded;
  }
  if (replayed_.empty()) return {};
  const auto dropped = drop_quarantined(data_directory_, std::exchange(replayed_, {}));
  return dropped ? Result<void>() : tl::unexpected(dropped.error());
}

}  // namespace

Result<ReplayAccount> replay_quarantined(const std::filesystem::path& data_directory,
                                         std::span<const std::string> ids, store::Writer& writer,
                                         const ReplayOptions& options,
                                         const std::stop_token& stop) {
  Replay replay(data_directory, writer, options);
  for (const std::string& id : ids) {
    if (stop.stop_requested()) break;
    const auto entry = read_quarantined(data_directory, id);
    if (!entry && entry.error().code == ErrorCode::not_found) continue;  // Dropped meanwhile.
    if (!entry) return tl::unexpected(entry.error());
    if (!replay.replay(*entry, stop)) return replay.account();
  }
  replay.commit();
  return replay.account();
}

}  // namespace trailsift::indexer
