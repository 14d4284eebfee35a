#include "indexer/intake.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <semaphore>
#include <thread>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "indexer/allowed_objects.h"
#include "indexer/memory_budget.h"
#include "indexer/message_blob.h"
#include "indexer/message_in_hand.h"
#include "indexer/quarantined_message.h"
#include "indexer/ready_blobs.h"

namespace trailsift::indexer {
namespace {

constexpr std::size_t kReadyBlobs = 256;
// Unwrapping takes a core, and memory that no budget knows of beforehand.
constexpr std::ptrdiff_t kUnwrappers = 2;
// Of objects whose announcement does not tell.
constexpr std::uint64_t kLikelyObjectBytes = 1UL << 20;

Timestamp now() {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

class RunningIntake final : public Intake {
 public:
  RunningIntake(store::Writer& writer, Quarantine& quarantine, aws::S3* s3, IntakeOptions options)
      : options_(std::move(options)),
        writer_(writer),
        quarantine_(quarantine),
        s3_(s3),
        bodies_(options_.max_bytes / 2),
        contents_(options_.max_bytes / 2),
        ready_(kReadyBlobs),
        fetchers_(options_.fetchers),
        indexing_([this] { index(); }) {}

  ~RunningIntake() override { stop(std::chrono::milliseconds(0)); }

  Result<void> submit(IncomingMessage message, Done done) override;
  bool wait_for_room(std::size_t messages, std::stop_token stop) override;
  IntakeFigures figures() const override;
  void stop(std::chrono::milliseconds grace) override;

 private:
  using Message = std::shared_ptr<MessageInHand>;

  void index();
  bool pause(std::chrono::milliseconds time);
  void start(Message message, std::function<void()> work);
  void take_file(const Message& message);
  void take_message(const Message& message);
  void fail_whole(const Message& message, const Error& error);
  Result<void> take_parts(const Message& message, Envelope envelope, MemoryBudget::Held texts);
  Result<void> list_rejected(const Message& message, const std::vector<RejectedPart>& parts);
  void fetch(const Message& message, const ObjectRef& object);
  BlobAbout about(const Message& message, std::string name);
  void hand_on(std::unique_ptr<Blob> blob);

  struct Row {
    std::string object;
    DeliveryState state = DeliveryState::failed;
    std::string error;
    DeliveryCounts counts = {};
    std::string etag = {};
  };
  void record(const MessageInHand& message, Row row);
  void settled(const DeliveryOutcome& outcome);
  void conclude(MessageInHand& message);
  void quarantine_whole(MessageInHand& message);
  void note_error(const Error& error);

  const IntakeOptions options_;
  store::Writer& writer_;
  SharedQuarantine quarantine_;
  aws::S3* const s3_;
  MemoryBudget bodies_;    // Of messages, until their outcome.
  MemoryBudget contents_;  // Of what comes out of them, until it is read.
  ReadyBlobs ready_;
  std::counting_semaphore<> unwrappers_{kUnwrappers};
  std::stop_source halt_;

  mutable std::mutex mutex_;  // Guards everything down to figures_.
  std::condition_variable_any changed_;
  bool stopping_ = false;
  std::atomic<bool> worked_ = false;  // Something was committed since the last failure.
  bool broken_ = false;               // The store could not be written; soon tried again.
  IntakeFigures figures_;

  boost::asio::thread_pool fetchers_;
  std::jthread indexing_;
};

Result<void> RunningIntake::submit(IncomingMessage message, Done done) {
  std::unique_lock lock(mutex_);
  const bool full = figures_.in_hand >= options_.max_messages;
  auto held = stopping_ || broken_ || full ? std::nullopt : bodies_.try_hold(message.body.size());
  if (!held) {
    ++figures_.refused;
    return fail(ErrorCode::unavailable,
                stopping_ ? "no more is taken: the server stops"
                : broken_ ? "nothing can be indexed now: " + figures_.last_error->message
                          : "too much is waiting to be indexed: try again later");
  }
  ++figures_.received;
  ++figures_.in_hand;
  figures_.bytes += message.body.size();
  lock.unlock();
  const bool is_file = message.kind == IncomingMessage::Body::file;
  const auto taken =
      std::make_shared<MessageInHand>(std::move(message), std::move(done), std::move(*held),
                                      [this](MessageInHand& in_hand) { conclude(in_hand); });
  start(taken, [this, taken, is_file] { is_file ? take_file(taken) : take_message(taken); });
  return {};
}

bool RunningIntake::wait_for_room(std::size_t messages, std::stop_token stop) {
  std::unique_lock lock(mutex_);
  const auto has_room = [&] {
    const bool few = figures_.in_hand == 0 || figures_.in_hand + messages <= options_.max_messages;
    return !stopping_ && !broken_ && few && !bodies_.is_full();
  };
  changed_.wait(lock, std::move(stop), [&] { return stopping_ || has_room(); });
  return has_room();
}

IntakeFigures RunningIntake::figures() const {
  const std::lock_guard lock(mutex_);
  return figures_;
}

void RunningIntake::stop(std::chrono::milliseconds grace) {
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, grace, [this] { return figures_.in_hand == 0; });
  }
  halt_.request_stop();
  ready_.close();
  fetchers_.join();
  if (indexing_.joinable()) indexing_.join();
}

/// Runs as long as the intake does. After a failure of the store its senders keep what was not
/// indexed, and the store is tried again.
void RunningIntake::index() {
  IngestOptions options = options_.ingest;
  options.progress = {};
  options.commit_early = CommitEarly{.after_first = options_.commit_within};
  auto wait = options_.first_pause;
  while (true) {
    worked_ = false;
    const auto ended = ingest(ready_, writer_, quarantine_, options, halt_.get_token());
    if (ended) break;
    note_error(ended.error());
    if (worked_) wait = options_.first_pause;
    if (!pause(wait)) break;
    wait = std::min(2 * wait, options_.longest_pause);
  }
  ready_.interrupt();
}

/// Takes nothing for so long. False: the intake stops.
bool RunningIntake::pause(std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  broken_ = true;
  changed_.wait_for(lock, time, [this] { return stopping_; });
  if (stopping_) return false;
  ready_.reopen();
  broken_ = false;
  changed_.notify_all();
  return true;
}

/// The wall that keeps exceptions of libraries, such as for want of memory, inside their message.
void RunningIntake::start(Message message, std::function<void()> work) {
  boost::asio::post(fetchers_, [message = std::move(message), work = std::move(work)] {
    try {
      work();
    } catch (const std::exception& e) {
      message->fail({ErrorCode::unavailable, std::string("cannot go on: ") + e.what(), {}});
    }
  });
}

void RunningIntake::take_file(const Message& message) {
  message->believe();
  const std::string& body = message->message.body;
  auto held = contents_.hold(body.size(), halt_.get_token());
  if (!held) return message->fail({ErrorCode::unavailable, "the server stops", {}});
  hand_on(text_blob(about(message, message->message.name), std::move(*held), body));
}

void RunningIntake::take_message(const Message& message) {
  unwrappers_.acquire();
  auto envelope = unwrap(message->message.body, options_.message_limits);
  std::optional<MemoryBudget::Held> texts;
  if (envelope) {
    std::uint64_t size = 0;
    for (const std::string& text : envelope->records) size += text.size();
    texts = contents_.hold(size, halt_.get_token());
  }
  unwrappers_.release();
  if (!message->message.check) message->believe();
  if (!envelope) return fail_whole(message, envelope.error());
  if (!texts) return message->fail({ErrorCode::unavailable, "the server stops", {}});
  if (auto done = take_parts(message, std::move(*envelope), std::move(*texts)); !done) {
    fail_whole(message, done.error());
  }
}

/// Nothing is kept of what anybody may have sent.
void RunningIntake::fail_whole(const Message& message, const Error& error) {
  if (message->believed()) {
    record(*message, {message->message.name, DeliveryState::failed, error.message});
  }
  message->fail(error);
}

Result<void> RunningIntake::take_parts(const Message& message, Envelope envelope,
                                       MemoryBudget::Held texts) {
  if (message->message.check) {
    if (auto checked = message->message.check(envelope); !checked) return checked;
    message->believe();
  }
  message->note(envelope);
  for (const ObjectRef& object : envelope.objects) {
    if (auto allowed = check_allowed(object, s3_ != nullptr, options_); !allowed) return allowed;
  }
  if (auto listed = list_rejected(message, envelope.rejected); !listed) return listed;
  const bool nothing =
      envelope.objects.empty() && envelope.records.empty() && envelope.rejected.empty();
  if (nothing) record(*message, {message->message.name, DeliveryState::skipped, ""});
  for (std::size_t i = 0; i < envelope.records.size(); ++i) {
    // The first text, which is nearly always the only one, holds the memory of all.
    std::string name = message->message.name;
    if (i > 0) name += '#' + std::to_string(i + 1);
    hand_on(text_blob(about(message, std::move(name)), std::exchange(texts, {}),
                      std::move(envelope.records[i])));
  }
  for (ObjectRef& object : envelope.objects) {
    start(message, [this, message, object = std::move(object)] { fetch(message, object); });
  }
  return {};
}

/// Parts that are not understood are listed beside what is.
Result<void> RunningIntake::list_rejected(const Message& message,
                                          const std::vector<RejectedPart>& parts) {
  if (parts.empty()) return {};
  for (const RejectedPart& part : parts) {
    const auto added = quarantine_.add(entry_of(*message, part));
    if (!added) return tl::unexpected(added.error());
    if (!*added) return fail(ErrorCode::unavailable, "the quarantine list is full");
  }
  if (auto flushed = quarantine_.flush(); !flushed) return flushed;
  DeliveryCounts counts;
  counts.read = counts.rejected = parts.size();
  record(*message, {message->message.name + " (parts)", DeliveryState::quarantined,
                    parts.front().place + ": " + parts.front().error.message, counts});
  message->add(counts);
  return {};
}

void RunningIntake::fetch(const Message& message, const ObjectRef& object) {
  const auto in_memory = [this](std::uint64_t size) {
    return std::min<std::uint64_t>(size, options_.fetch_limits.max_memory_bytes);
  };
  auto held =
      contents_.hold(in_memory(object.size.value_or(kLikelyObjectBytes)), halt_.get_token());
  if (!held) return message->fail({ErrorCode::unavailable, "the server stops", {}});
  auto fetched = fetch_object(*s3_, object, options_.fetch_limits, halt_.get_token());
  if (!fetched) {
    record(*message, {object_name(object.bucket, object.key),
                      DeliveryState::failed,
                      fetched.error().message,
                      {},
                      object.etag});
    return message->fail(fetched.error());
  }
  held->resize(in_memory((*fetched)->size()));
  {
    const std::lock_guard lock(mutex_);
    figures_.bytes += (*fetched)->size();
  }
  auto about = this->about(message, (*fetched)->name());
  hand_on(object_blob(std::move(about), std::move(*held), std::move(*fetched)));
}

BlobAbout RunningIntake::about(const Message& message, std::string name) {
  const auto on_settled = [this](const DeliveryOutcome& outcome) { settled(outcome); };
  return {std::move(name), message->message.source, message->received,
          std::make_shared<MessageReceipt>(message, on_settled)};
}

/// A blob that finds no taker takes its receipt with it, which fails the message.
void RunningIntake::hand_on(std::unique_ptr<Blob> blob) {
  ready_.push(std::move(blob));
}

/// A row for what is no file. The ledger only tells: failing to write it fails nothing.
void RunningIntake::record(const MessageInHand& message, Row row) {
  Ledger* const ledger = options_.ingest.ledger;
  if (ledger == nullptr) return;
  DeliveryOutcome outcome;
  outcome.source = message.message.source;
  outcome.object = std::move(row.object);
  outcome.etag = std::move(row.etag);
  outcome.received = message.received;
  outcome.finished = now();
  outcome.state = row.state;
  outcome.counts = row.counts;
  outcome.error = std::move(row.error);
  if (auto recorded = ledger->record(std::span(&outcome, 1)); !recorded) {
    note_error(recorded.error());
  }
}

void RunningIntake::settled(const DeliveryOutcome& outcome) {
  worked_ = true;
  const std::lock_guard lock(mutex_);
  if (outcome.counts.indexed == 0 || !outcome.finished) return;
  figures_.delivery_lag = *outcome.finished - outcome.received;
  if (outcome.newest) figures_.event_lag = *outcome.finished - *outcome.newest;
}

void RunningIntake::conclude(MessageInHand& message) {
  MessageOutcome& outcome = message.outcome();
  const bool poison = message.believed() && outcome.error && is_permanent(*outcome.error) &&
                      options_.quarantine_at_attempt > 0 &&
                      message.message.attempt >= options_.quarantine_at_attempt;
  if (poison) quarantine_whole(message);
  const bool failed = outcome.error.has_value();
  if (failed) note_error(*outcome.error);
  message.release();
  {
    const std::lock_guard lock(mutex_);
    --figures_.in_hand;
    changed_.notify_all();
    ++(failed ? figures_.failed : figures_.done);
    for (std::size_t i = 0; i < kNotices; ++i) figures_.notices.at(i) += outcome.notices.at(i);
  }
  message.tell();
}

/// The outcome is good once the message is on the list.
void RunningIntake::quarantine_whole(MessageInHand& message) {
  MessageOutcome& outcome = message.outcome();
  const QuarantineEntry entry = entry_of(message, *outcome.error);
  const auto added = quarantine_.add(entry);
  if (!added || !*added || !quarantine_.flush()) return;
  DeliveryCounts counts;
  counts.read = counts.rejected = 1;
  counts.bytes = entry.size;
  record(message, {entry.source, DeliveryState::quarantined, entry.detail, counts});
  outcome.counts += counts;
  outcome.error.reset();
}

void RunningIntake::note_error(const Error& error) {
  const std::lock_guard lock(mutex_);
  figures_.last_error = error;
  figures_.last_error_at = now();
}

}  // namespace

std::unique_ptr<Intake> Intake::start(store::Writer& writer, Quarantine& quarantine, aws::S3* s3,
                                      IntakeOptions options) {
  return std::make_unique<RunningIntake>(writer, quarantine, s3, std::move(options));
}

}  // namespace trailsift::indexer
