#include "indexer/sqs_poller.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "aws/sqs.h"

namespace trailsift::indexer {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds kFirstBackoff(500);
constexpr seconds kLongestRetryAfter(900);
// For telling the queue, once nobody waits any longer, what became of its messages.
constexpr seconds kLastWords(10);

Timestamp now() {
  return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

/// What stands behind the last slash or colon of a queue's URL or ARN; a name is itself.
std::string name_of(const std::string& queue) {
  const std::size_t cut = queue.find_last_of("/:");
  return cut == std::string::npos ? queue : queue.substr(cut + 1);
}

seconds retry_after(seconds first, std::uint32_t attempt) {
  const std::uint32_t doublings = std::min(attempt > 0 ? attempt - 1 : 0, 10U);
  return std::min(kLongestRetryAfter, first * (1U << doublings));
}

class RunningPoller final : public SqsPoller {
 public:
  RunningPoller(aws::Session& session, Intake& intake, SqsPollerOptions options)
      : session_(session), intake_(intake), options_(std::move(options)) {
    figures_.queue = name_of(options_.queue);
    source_ = "sqs:" + figures_.queue;
    for (std::size_t i = 0; i < std::max<std::size_t>(1, options_.receivers); ++i) {
      receivers_.emplace_back([this](const std::stop_token& stop) { receive_all(stop); });
      tellers_.emplace_back([this](const std::stop_token& stop) { tell_all(stop); });
    }
    heart_ = std::jthread([this](const std::stop_token& stop) { beat(stop); });
  }

  ~RunningPoller() override {
    stop_receiving();
    stop();
  }

  SqsPollerFigures figures() const override;
  void stop_receiving() override;
  void stop() override;

 private:
  struct InHand {
    std::string handle;
    std::uint32_t attempt = 1;
    steady_clock::time_point hidden_until;
  };
  /// What is to be said to the queue: delete these, or show them again after a time.
  struct Word {
    std::string handle;
    std::optional<seconds> show_after;  ///< Unset: delete.
  };
  using Calls = Result<std::vector<aws::BatchOutcome>>;

  void receive_all(const std::stop_token& stop);
  void take(const aws::QueueMessage& message, const std::stop_token& stop);
  void on_outcome(const std::string& id, const MessageOutcome& outcome);
  void say(Word word);
  void tell_all(const std::stop_token& stop);
  std::vector<Word> next_words();
  void tell(std::span<const Word> words, const std::stop_token& stop);
  void beat(const std::stop_token& stop);
  void hide_longer(const std::stop_token& stop);

  Result<aws::Sqs> open(const std::stop_token& stop);
  bool note(std::optional<Error>& last, const Result<void>& call);
  bool pause(milliseconds time, const std::stop_token& stop);
  void log(const std::string& line) const;

  aws::Session& session_;
  Intake& intake_;
  const SqsPollerOptions options_;
  std::string source_;

  mutable std::mutex mutex_;  // Guards everything down to the threads.
  std::condition_variable_any changed_;
  SqsPollerFigures figures_;
  std::map<std::string, InHand> in_hand_;  // By the message's id.
  std::deque<Word> words_;
  std::size_t telling_ = 0;  // Threads that have words in hand.
  std::optional<Error> receive_error_;
  std::optional<Error> tell_error_;
  std::optional<aws::Sqs> queue_;

  std::atomic<bool> stopping_ = false;
  std::stop_source give_up_;
  std::vector<std::jthread> receivers_;
  std::vector<std::jthread> tellers_;
  std::jthread heart_;
};

SqsPollerFigures RunningPoller::figures() const {
  const std::lock_guard lock(mutex_);
  SqsPollerFigures figures = figures_;
  figures.in_flight = in_hand_.size();
  return figures;
}

void RunningPoller::stop_receiving() {
  stopping_ = true;
  for (auto& thread : receivers_) thread.request_stop();
  receivers_.clear();
}

/// The tellers end once nothing is left to say, or the time for it is over.
void RunningPoller::stop() {
  heart_ = {};
  for (auto& thread : tellers_) thread.request_stop();
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kLastWords, [this] { return words_.empty() && telling_ == 0; });
  }
  give_up_.request_stop();
  tellers_.clear();
}

/// The queue, which is looked up once.
Result<aws::Sqs> RunningPoller::open(const std::stop_token& stop) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_) return *queue_;
  }
  auto opened = aws::Sqs::open(session_, options_.queue, stop);
  const std::lock_guard lock(mutex_);
  if (opened) queue_ = *opened;
  return opened;
}

void RunningPoller::receive_all(const std::stop_token& stop) {
  const aws::ReceiveOptions receive{.visibility = options_.visibility};
  milliseconds backoff = kFirstBackoff;
  while (!stop.stop_requested()) {
    if (!intake_.wait_for_room(aws::kMaxBatch, stop)) {
      pause(kFirstBackoff, stop);
      continue;
    }
    const auto asked = steady_clock::now();
    auto queue = open(stop);
    auto messages = queue ? queue->receive(receive, stop)
                          : Result<std::vector<aws::QueueMessage>>(tl::unexpected(queue.error()));
    if (stop.stop_requested() && !messages) return;
    if (!note(receive_error_, messages ? Result<void>() : tl::unexpected(messages.error()))) {
      pause(std::exchange(backoff, std::min(2 * backoff, options_.max_backoff)), stop);
      continue;
    }
    backoff = kFirstBackoff;
    {
      const std::lock_guard lock(mutex_);
      figures_.received += messages->size();
      if (!messages->empty()) figures_.last_received_at = now();
      for (const aws::QueueMessage& message : *messages) {
        in_hand_[message.id] = {message.receipt_handle, message.receive_count,
                                asked + options_.visibility};
      }
    }
    for (const aws::QueueMessage& message : *messages) take(message, stop);
  }
}

/// What finds no room waits here, hidden as what is in hand.
void RunningPoller::take(const aws::QueueMessage& message, const std::stop_token& stop) {
  const std::string& id = message.id;
  while (true) {
    IncomingMessage taken;
    taken.source = source_;
    taken.name = source_ + "/" + id;
    taken.body = message.body;
    taken.attempt = message.receive_count;
    const auto submitted = intake_.submit(
        std::move(taken),
        [this, id = message.id](const MessageOutcome& outcome) { on_outcome(id, outcome); });
    if (submitted) return;
    if (!intake_.wait_for_room(1, stop)) {
      return on_outcome(id, {Error{ErrorCode::unavailable, "stopping", {}}, {}, {}});
    }
  }
}

void RunningPoller::on_outcome(const std::string& id, const MessageOutcome& outcome) {
  std::unique_lock lock(mutex_);
  const auto found = in_hand_.find(id);
  if (found == in_hand_.end()) return;
  Word word{found->second.handle, std::nullopt};
  if (outcome.error) {
    ++figures_.failed;
    word.show_after =
        stopping_ ? seconds(0) : retry_after(options_.retry_after, found->second.attempt);
  }
  in_hand_.erase(found);
  words_.push_back(std::move(word));
  changed_.notify_all();
  lock.unlock();
  if (outcome.error) log("message " + id + ": " + outcome.error->message);
}

/// Some that can be said by one call. mutex_ is held.
std::vector<RunningPoller::Word> RunningPoller::next_words() {
  std::vector<Word> words;
  while (!words_.empty() && words.size() < aws::kMaxBatch) {
    if (!words.empty() && words_.front().show_after != words.front().show_after) break;
    words.push_back(std::move(words_.front()));
    words_.pop_front();
  }
  return words;
}

void RunningPoller::tell_all(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, stop, [this] { return !words_.empty(); });
    const auto words = next_words();
    if (words.empty() || give_up_.stop_requested()) return;
    ++telling_;
    lock.unlock();
    tell(words, give_up_.get_token());
    lock.lock();
    --telling_;
    changed_.notify_all();
  }
}

void RunningPoller::tell(std::span<const Word> words, const std::stop_token& stop) {
  auto queue = open(stop);
  if (!queue) {
    note(tell_error_, tl::unexpected(queue.error()));
    return;
  }
  std::vector<std::string> handles;
  for (const Word& word : words) handles.push_back(word.handle);
  const auto& show_after = words.front().show_after;
  const auto failed =
      show_after ? queue->extend(handles, *show_after, stop) : queue->remove(handles, stop);
  // What is not deleted comes again, and is found to be known.
  note(tell_error_, failed ? Result<void>() : tl::unexpected(failed.error()));
  if (!failed) return;
  for (const aws::BatchOutcome& one : *failed) log(one.code + ": " + one.message);
  if (show_after) return;
  const std::lock_guard lock(mutex_);
  figures_.deleted += words.size() - failed->size();
}

void RunningPoller::beat(const std::stop_token& stop) {
  const auto interval = std::chrono::duration_cast<milliseconds>(options_.visibility) / 4;
  while (pause(interval, stop)) hide_longer(stop);
}

/// Before others can see what is in hand.
void RunningPoller::hide_longer(const std::stop_token& stop) {
  std::vector<std::string> handles;
  {
    const std::lock_guard lock(mutex_);
    const auto at = steady_clock::now();
    for (auto& [id, message] : in_hand_) {
      if (message.hidden_until - at > options_.visibility / 2) continue;
      handles.push_back(message.handle);
      message.hidden_until = at + options_.visibility;
    }
  }
  const auto queue = open(stop);
  if (!queue) return;
  for (std::size_t begin = 0; begin < handles.size(); begin += aws::kMaxBatch) {
    const std::size_t size = std::min(aws::kMaxBatch, handles.size() - begin);
    auto asked = *queue;
    const auto failed =
        asked.extend(std::span(handles).subspan(begin, size), options_.visibility, stop);
    if (!note(tell_error_, failed ? Result<void>() : tl::unexpected(failed.error()))) return;
  }
}

/// Logs when calls of a kind begin to fail, and when they succeed again.
bool RunningPoller::note(std::optional<Error>& last, const Result<void>& call) {
  std::unique_lock lock(mutex_);
  const bool changes = call.has_value() == last.has_value();
  last = call ? std::nullopt : std::optional(call.error());
  if (call && &last == &receive_error_) figures_.last_polled_at = now();
  figures_.error = receive_error_ ? receive_error_ : tell_error_;
  lock.unlock();
  if (changes) log(call ? "answers again" : call.error().message);
  return call.has_value();
}

/// False once `stop` is requested.
bool RunningPoller::pause(milliseconds time, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

void RunningPoller::log(const std::string& line) const {
  if (options_.log) options_.log(source_ + ": " + line);
}

}  // namespace

std::unique_ptr<SqsPoller> SqsPoller::start(aws::Session& session, Intake& intake,
                                            SqsPollerOptions options) {
  return std::make_unique<RunningPoller>(session, intake, std::move(options));
}

}  // namespace trailsift::indexer
