#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "query/tree.h"
#include "schema/error.h"
#include "server/hit_columns.h"
#include "server/http.h"
#include "store/store.h"

namespace trailsift::server {

struct TailOptions {
  std::chrono::milliseconds interval{250};      ///< Between two looks at the store.
  std::chrono::milliseconds heartbeat{15'000};  ///< Between two signs of life.
  std::size_t max_clients = 100;
  std::size_t max_hits = 1000;                  ///< Told of one batch; of more the newest.
  std::size_t kept = 64;                        ///< Snapshots for those who come back.
  std::chrono::milliseconds kept_for{120'000};  ///< After the last client went.
};

/// Tells clients of the events that answer their queries as they are committed, as server-sent
/// events. One thread, which runs once there was a client, for all of them. Any thread may ask.
class LiveTail {
 public:
  LiveTail(store::Reader& reader, TailOptions options) : reader_(reader), options_(options) {}
  ~LiveTail();
  LiveTail(const LiveTail&) = delete;
  LiveTail& operator=(const LiveTail&) = delete;

  struct Wish {
    query::Tree query;
    query::InTime time;
    std::vector<HitColumn> columns;
    std::string last_id;  ///< Of the last batch that the client has seen; empty: from now on.
  };

  /// A stream of what is new. It may outlive this. Errors: unavailable where there are too many.
  Result<std::shared_ptr<BodyStream>> subscribe(Wish wish);

 private:
  using SnapshotPtr = std::shared_ptr<const store::Snapshot>;
  class Client;

  void run(const std::stop_token& stop);
  void serve_clients(const SnapshotPtr& now);
  void remember(const SnapshotPtr& snapshot);
  SnapshotPtr remembered(const std::string& id) const;

  store::Reader& reader_;
  const TailOptions options_;
  std::mutex mutex_;  // Guards everything below.
  std::condition_variable_any wake_;
  std::list<std::weak_ptr<Client>> clients_;
  std::deque<SnapshotPtr> snapshots_;  // The newest last.
  std::chrono::steady_clock::time_point last_client_ = std::chrono::steady_clock::now();
  std::jthread thread_;
};

}  // namespace trailsift::server
