#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "server/http.h"
#include "server/push_access.h"
#include "server/push_message.h"
#include "server/refusal.h"
#include "server/sns_gate.h"
#include "server/sources.h"

namespace trailsift::server {

/// Takes what is posted to the push routes and hands it to the intake. Any thread.
class PushRoutes {
 public:
  struct Options {
    Sources* sources = nullptr;  ///< nullptr: every push route is closed. Borrowed.
    bool check_host = true;
    std::vector<std::string> allowed_hosts;
    UrlGetter get_url;  ///< See SnsGate.
    /// Told what an operator has to know, safe to print.
    std::function<void(const std::string&)> log;
  };

  explicit PushRoutes(Options options);
  /// Waits until the intake has told of every message that it has from here, so the sources must
  /// still be there, working or stopped.
  ~PushRoutes();
  PushRoutes(const PushRoutes&) = delete;
  PushRoutes& operator=(const PushRoutes&) = delete;

  /// The largest body that may follow this head, or why none may.
  Checked<std::size_t> max_body_bytes(PushRoute route, const HttpRequest& head) const;

  /// Calls `done` once, now or later, on any thread. `query` is that of the request's URL.
  void take(PushRoute route, HttpRequest request, std::string_view query,
            const std::string& request_id, Respond done);

 private:
  class InHand;
  struct Post;

  Checked<Sender> check(PushRoute route, const HttpRequest& head) const;
  void take_confirmation(Post post, const indexer::SnsMessage& confirmation);
  void take_signed(Post post);
  Result<void> change_ids(PushedMessage& pushed) const;
  void submit(Post post, std::function<void()> when_done);
  void log(const std::string& line) const;
  void log_refusal(const Error& error);

  const Options options_;
  std::unique_ptr<SnsGate> gate_;  // nullptr: no topic is allowed.
  std::mutex mutex_;               // Guards everything below.
  std::condition_variable none_in_hand_;
  std::size_t in_hand_ = 0;
  std::chrono::steady_clock::time_point next_refusal_{};
  std::size_t untold_refusals_ = 0;
};

/// The answer to a request of a push route that is refused.
HttpResponse push_refusal(const Refusal& refusal, PushRoute route, const HttpRequest& head,
                          const std::string& request_id);

}  // namespace trailsift::server
