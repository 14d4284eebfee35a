#include "server/live_tail.h"

#include <algorithm>
#include <utility>

#include "query/find_hits.h"
#include "query/hit_walk.h"
#include "query/load_event.h"
#include "query/new_hits.h"
#include "server/json_out.h"

namespace trailsift::server {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kMostWork{10};  // For one client and batch.

/// One server-sent event. `data` has no line breaks.
std::string sent_event(std::string_view name, const std::string& data) {
  return "event: " + std::string(name) + "\ndata: " + data + "\n\n";
}

std::string number_object(std::string_view name, std::uint64_t number) {
  JsonOut out;
  out.begin_object();
  out.member(name, number);
  out.end_object();
  return out.text();
}

}  // namespace

/// One client's stream. The hub gives to it what is new when it asks for it.
class LiveTail::Client final : public BodyStream {
 public:
  Client(Wish wish, TailOptions options, SnapshotPtr seen, bool has_gap)
      : wish_(std::move(wish)), options_(options), seen_(std::move(seen)), has_gap_(has_gap) {}

  bool is_endless() const override { return true; }

  void next(Give give) override {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(begun_, true)) {
      waiting_ = std::move(give);
      return;
    }
    // Proxies and browsers then know that it works.
    give(Chunk{std::string(": trailsift\n\n") +
                   (has_gap_ ? sent_event("gap", "{}") : std::string()) +
                   "id: " + std::to_string(seen_->generation) + "\nevent: ready\ndata: {}\n\n",
               false});
  }

  /// Gives what `now` has and the last snapshot had not, or a sign of life when it is time.
  void serve(const SnapshotPtr& now) {
    const std::scoped_lock lock(mutex_);
    if (!waiting_) return;
    std::string text;
    if (now->generation != seen_->generation) {
      auto news = news_of(*now, now);
      if (!news) return std::exchange(waiting_, nullptr)(std::nullopt);
      text = std::move(*news);
      seen_ = now;
    }
    const auto time = steady_clock::now();
    if (text.empty() && time >= last_ + options_.heartbeat) text = ":\n\n";
    if (text.empty()) return;
    last_ = time;
    std::exchange(waiting_, nullptr)(Chunk{std::move(text), false});
  }

 private:
  Result<std::string> news_of(const store::Snapshot& snapshot, const SnapshotPtr& now) const {
    const query::Deadline deadline(steady_clock::now() + kMostWork);
    auto hits = query::find_new_hits(*seen_, snapshot, wish_.query, wish_.time, deadline);
    if (!hits) return tl::unexpected(hits.error());
    const std::uint64_t count = query::count_of(*hits);
    if (count == 0) return std::string();
    query::HitWalk walk(now, std::move(*hits));
    auto page = walk.next(options_.max_hits);
    if (!page) return tl::unexpected(page.error());
    std::ranges::reverse(*page);
    const auto events = query::load_hits(*page, parts_for(wish_.columns), nullptr, deadline);
    if (!events) return tl::unexpected(events.error());
    std::string text;
    if (count > page->size()) {
      text += sent_event("skipped", number_object("count", count - page->size()));
    }
    for (const Event& event : *events) {
      JsonOut out;
      write_hit(out, event, wish_.columns);
      text += sent_event("hit", out.text());
    }
    return text + "id: " + std::to_string(snapshot.generation) + "\n" +
           sent_event("batch", number_object("count", count));
  }

  const Wish wish_;
  const TailOptions options_;
  std::mutex mutex_;  // Guards everything below.
  SnapshotPtr seen_;
  const bool has_gap_;
  bool begun_ = false;
  Give waiting_;
  steady_clock::time_point last_ = steady_clock::now();
};

LiveTail::~LiveTail() {
  thread_.request_stop();
  wake_.notify_all();
}

Result<std::shared_ptr<BodyStream>> LiveTail::subscribe(Wish wish) {
  auto now = reader_.snapshot();
  if (!now) return tl::unexpected(now.error());
  const std::scoped_lock lock(mutex_);
  std::erase_if(clients_, [](const auto& client) { return client.expired(); });
  if (clients_.size() >= options_.max_clients) {
    return fail(ErrorCode::unavailable, "the server is busy: it has " +
                                            std::to_string(options_.max_clients) +
                                            " clients that are told of new events already");
  }
  remember(*now);
  SnapshotPtr seen = wish.last_id.empty() ? *now : remembered(wish.last_id);
  const bool has_gap = seen == nullptr;
  if (has_gap) seen = *now;
  auto client = std::make_shared<Client>(std::move(wish), options_, std::move(seen), has_gap);
  clients_.push_back(client);
  if (!thread_.joinable()) {
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  return client;
}

void LiveTail::remember(const SnapshotPtr& snapshot) {
  if (!snapshots_.empty() && snapshots_.back()->generation == snapshot->generation) return;
  snapshots_.push_back(snapshot);
  if (snapshots_.size() > options_.kept) snapshots_.pop_front();
}

LiveTail::SnapshotPtr LiveTail::remembered(const std::string& id) const {
  const auto found = std::ranges::find_if(snapshots_, [&](const SnapshotPtr& snapshot) {
    return std::to_string(snapshot->generation) == id;
  });
  return found == snapshots_.end() ? nullptr : *found;
}

void LiveTail::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    // Should the store not be readable now, it may be so again.
    if (const auto now = reader_.snapshot()) serve_clients(*now);
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, stop, options_.interval, [] { return false; });
  }
}

void LiveTail::serve_clients(const SnapshotPtr& now) {
  std::vector<std::shared_ptr<Client>> clients;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& weak : clients_) {
      if (auto client = weak.lock()) clients.push_back(std::move(client));
    }
    const auto time = steady_clock::now();
    if (!clients.empty()) last_client_ = time;
    // Snapshots keep the files of merged segments on disk.
    if (time > last_client_ + options_.kept_for) return snapshots_.clear();
    remember(now);
  }
  for (const auto& client : clients) client->serve(now);
}

}  // namespace trailsift::server
